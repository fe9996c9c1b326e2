import Skein

// Half of the elements, unpredictably, into a new array of unknown length.
// Goal: on two threads faster than Array.filter; on one thread no slower.

@inline(never)
private func sequentialFilter(_ values: [Int32]) -> [Int32] { values.filter { $0 > 0 } }

@inline(never)
private func parallelFilter(_ values: [Int32]) -> [Int32] { Array(values.parallel.filter { $0 > 0 }) }

/// Numbers without a pattern (SplitMix64).
func scrambledIntegers(_ count: Int) -> [Int32] {
  var state: UInt64 = 1
  return (0..<count).map { _ in
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int32(truncatingIfNeeded: z >> 31)
  }
}

extension Benchmark {
  static let loopFilter = Benchmark(
    name: "loop-filter",
    summary: "Array(values.parallel.filter { … }) that keeps half of the elements, unpredictably.",
    goal: "no slower than Array.filter on one thread, faster on two"
  ) { report in
    let values = scrambledIntegers(report.size(20_000_000))
    try report.withPools { report, pools in
      var variants = [Variant("Array.filter") { sequentialFilter(opaque(values)) }]
      for pool in pools {
        variants.append(
          Variant("Array(parallel.filter), \(pool.label)") { pool.run { parallelFilter(opaque(values)) } })
      }
      try report.compare("\(values.count) Int32", items: values.count, per: "element", variants)
    }
  }
}
