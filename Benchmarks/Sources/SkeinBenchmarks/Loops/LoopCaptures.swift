import Skein

// What a captured variable costs. A chain whose closures capture nothing is a constant to the optimiser, which fuses it into one
// loop; a closure that captures is called through a pointer, once for each element.
// Goal: one that captures costs less than twice `Array.map` on one thread, two less than three times.

@inline(never)
private func sequential(_ values: [Int32], _ factor: Int32) -> [Int32] { values.map { $0 &* factor &+ 1 } }

@inline(never)
private func capturesNothing(_ values: [Int32]) -> [Int32] { Array(values.parallel.map { $0 &* 3 &+ 1 }) }

@inline(never)
private func capturesOne(_ values: [Int32], _ factor: Int32) -> [Int32] {
  Array(values.parallel.map { $0 &* factor &+ 1 })
}

@inline(never)
private func capturesTwice(_ values: [Int32], _ factor: Int32) -> [Int32] {
  Array(values.parallel.map { $0 &* factor }.map { $0 &+ factor &- (factor - 1) })
}

extension Benchmark {
  static let loopCaptures = Benchmark(
    name: "loop-captures",
    summary: "The same map with closures that capture nothing and closures that capture a number.",
    goal: "one closure that captures: less than twice Array.map on one thread; two: less than three times"
  ) { report in
    let values = (0..<Int32(report.size(20_000_000))).map { $0 &* 7919 }
    let factor: Int32 = opaque(3)
    try report.withPools { report, pools in
      var variants = [Variant("Array.map, captures a number") { sequential(opaque(values), opaque(factor)) }]
      for pool in pools {
        variants.append(Variant("captures nothing, \(pool.label)") { pool.run { capturesNothing(opaque(values)) } })
        variants.append(
          Variant("captures a number, \(pool.label)") { pool.run { capturesOne(opaque(values), factor) } })
        variants.append(
          Variant("two closures that capture, \(pool.label)") { pool.run { capturesTwice(opaque(values), factor) } })
      }
      try report.compare("\(values.count) Int32", items: values.count, per: "element", variants)
    }
  }
}
