import Skein

// Moving the elements that satisfy a condition behind the others. A sequential partition mispredicts a branch for every other element; ours
// asks first and then exchanges only what is misplaced.
// Goal: on one thread at or ahead of the standard library's, on two 1.7 times our own speed on one.

extension Benchmark {
  static let partition = Benchmark(
    name: "partition",
    summary: "partition(by:) of random UInt64, and of a sorted array that is cut in the middle.",
    goal: "at or ahead of Array.partition(by:) on one thread, 1.7 times as fast on two"
  ) { report in
    let values = scrambled(report.size(20_000_000))
    let middle = Array(0..<UInt64(values.count))
    try report.compareInPlace(
      "\(values.count) random UInt64", values,
      sequential: [("Array.partition(by:)", { $0.partition { $0 & 1 == 0 } })]
    ) { $0.parallel.partition { $0 & 1 == 0 } }
    try report.compareInPlace(
      "\(values.count) ascending UInt64, nothing to move", middle,
      sequential: [("Array.partition(by:)", { $0.partition { $0 >= 10_000_000 } })]
    ) { $0.parallel.partition { $0 >= 10_000_000 } }
  }
}
