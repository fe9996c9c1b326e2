import Skein

// Overwriting every element: nothing but memory.
// Goal: on one thread at or ahead of the loop; two threads gain what the memory allows.

extension Benchmark {
  static let fill = Benchmark(
    name: "fill", summary: "fill(with:) of UInt64.",
    goal: "at or ahead of the loop on one thread; bound by memory on more"
  ) { report in
    let values = scrambled(report.size(20_000_000))
    try report.compareInPlace(
      "\(values.count) UInt64", values,
      sequential: [
        (
          "for loop",
          {
            for index in $0.indices { $0[index] = 7 }
            return $0[0]
          }
        )
      ]
    ) {
      $0.parallel.fill(with: 7)
      return $0[0]
    }
  }
}
