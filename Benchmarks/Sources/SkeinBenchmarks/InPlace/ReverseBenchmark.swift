import Skein

// Reversing in place: nothing but memory.
// Goal: on one thread at or ahead of the standard library's; two threads gain what the memory allows.

extension Benchmark {
  static let reverse = Benchmark(
    name: "reverse", summary: "reverse() of UInt64.",
    goal: "at or ahead of Array.reverse() on one thread; bound by memory on more"
  ) { report in
    let values = scrambled(report.size(20_000_000))
    try report.compareInPlace(
      "\(values.count) UInt64", values,
      sequential: [
        (
          "Array.reverse()",
          {
            $0.reverse()
            return $0[0]
          }
        )
      ]
    ) {
      $0.parallel.reverse()
      return $0[0]
    }
  }
}
