import Skein

// Rotating in place, by a third. The standard library has no rotation: the counterparts are three of its reversals, and a new array.
// Goal: on one thread at or ahead of the three reversals; two threads gain what the memory allows.

private func threeReversals(_ values: inout [UInt64]) -> UInt64 {
  let start = values.count / 3
  values[..<start].reverse()
  values[start...].reverse()
  values.reverse()
  return values[0]
}

private func newArray(_ values: inout [UInt64]) -> UInt64 {
  let start = values.count / 3
  values = Array(values[start...]) + values[..<start]
  return values[0]
}

extension Benchmark {
  static let rotate = Benchmark(
    name: "rotate", summary: "rotate(toStartAt:) of UInt64, by a third.",
    goal: "at or ahead of three reversals on one thread; bound by memory on more"
  ) { report in
    let values = scrambled(report.size(20_000_000))
    try report.compareInPlace(
      "\(values.count) UInt64", values,
      sequential: [("three reversals", threeReversals), ("a new array", newArray)]
    ) {
      $0.parallel.rotate(toStartAt: $0.count / 3)
      return $0[0]
    }
  }
}
