import Skein

// The sum of squares of doubles in an array. The parallel sum groups its terms in fixed blocks, so it has the same bits at every
// number of threads; the sequential loop adds from the left.
// Goal: within 5 % of the sequential loop on one thread, 1.9 times as fast on two.

@inline(never)
private func sequential(_ values: [Double]) -> Double {
  var total = 0.0
  for value in values { total += value * value }
  return total
}

@inline(never)
private func parallel(_ values: [Double]) -> Double { values.parallel.map { $0 * $0 }.sum() }

extension Benchmark {
  static let loopDoubleSum = Benchmark(
    name: "loop-double-sum",
    summary: "The sum of the squares of an array of doubles.",
    goal: "within 5 % of the sequential loop on one thread; 1.9 times as fast on two; the same bits on any number"
  ) { report in
    // Small whole numbers: exact in any order.
    let values = (0..<report.size(50_000_000)).map { Double($0 & 63) }
    try report.withPools { report, pools in
      var variants = [Variant("for loop") { sequential(opaque(values)) }]
      for pool in pools {
        variants.append(Variant("map.sum, \(pool.label)") { pool.run { parallel(opaque(values)) } })
      }
      try report.compare("\(values.count) doubles", items: values.count, per: "element", variants)
    }
  }
}
