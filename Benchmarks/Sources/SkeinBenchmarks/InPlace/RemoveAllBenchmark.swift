import Skein

// Removing elements from an array, in place and in order.
// Goal: on one thread at or ahead of the standard library's, on two 1.7 times our own speed on one.

extension Benchmark {
  static let removeAll = Benchmark(
    name: "remove-all",
    summary: "removeAll(where:) of random UInt64: one of a hundred, half, ninety-nine of a hundred; and of strings.",
    goal: "at or ahead of Array.removeAll(where:) on one thread, 1.7 times as fast on two"
  ) { report in
    let values = scrambled(report.size(20_000_000)).map { $0 % 100 }
    try report.compareInPlace(
      "1 % of \(values.count) UInt64", values,
      sequential: [
        (
          "Array.removeAll(where:)",
          {
            $0.removeAll { $0 < 1 }
            return $0.count
          }
        )
      ]
    ) {
      $0.parallel.removeAll { $0 < 1 }
      return $0.count
    }
    try report.compareInPlace(
      "50 % of \(values.count) UInt64", values,
      sequential: [
        (
          "Array.removeAll(where:)",
          {
            $0.removeAll { $0 < 50 }
            return $0.count
          }
        )
      ]
    ) {
      $0.parallel.removeAll { $0 < 50 }
      return $0.count
    }
    try report.compareInPlace(
      "99 % of \(values.count) UInt64", values,
      sequential: [
        (
          "Array.removeAll(where:)",
          {
            $0.removeAll { $0 < 99 }
            return $0.count
          }
        )
      ]
    ) {
      $0.parallel.removeAll { $0 < 99 }
      return $0.count
    }
    let strings = scrambled(report.size(2_000_000)).map { "the number \($0)" }
    try report.compareInPlace(
      "about half of \(strings.count) strings", strings,
      sequential: [
        (
          "Array.removeAll(where:)",
          {
            $0.removeAll { $0.utf8.last! & 1 == 0 }
            return $0.count
          }
        )
      ]
    ) {
      $0.parallel.removeAll { $0.utf8.last! & 1 == 0 }
      return $0.count
    }
  }
}
