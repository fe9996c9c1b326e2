import Skein

// An array mapped to an array. Elements go straight to their places, and the loop should be vectorised like the sequential one.
// Most of the time is memory: pages of the result that are touched for the first time.
// Goal: on one thread no slower than Array.map, on two threads faster.

@inline(__always)
private func transform(_ x: Int32) -> Int32 { x &* 3 &+ 1 }

@inline(never)
private func sequentialMap(_ values: [Int32]) -> [Int32] { values.map { transform($0) } }

@inline(never)
private func byHand(_ values: [Int32]) -> [Int32] {
  [Int32](unsafeUninitializedCapacity: values.count) { result, count in
    for index in values.indices { result[index] = transform(values[index]) }
    count = values.count
  }
}

@inline(never)
private func parallelMap(_ values: [Int32]) -> [Int32] { Array(values.parallel.map { transform($0) }) }

@inline(never)
private func modifySequentially(_ values: inout [Int32]) {
  for index in values.indices { values[index] = transform(values[index]) }
}

@inline(never)
private func modifyInParallel(_ values: inout [Int32]) { values.parallel.modifyEach { $0 = transform($0) } }

extension Benchmark {
  static let loopMap = Benchmark(
    name: "loop-map",
    summary: "An array of Int32 mapped to another one, and modified in place.",
    goal: "no slower than Array.map on one thread, faster on two; in place within 5 % of the sequential loop"
  ) { report in
    let values = (0..<Int32(report.size(30_000_000))).map { $0 &* 7919 }
    try report.withPools { report, pools in
      var variants = [
        Variant("Array.map") { sequentialMap(opaque(values)) },
        Variant("for loop into a buffer") { byHand(opaque(values)) },
      ]
      for pool in pools {
        variants.append(Variant("Array(parallel.map), \(pool.label)") { pool.run { parallelMap(opaque(values)) } })
      }
      try report.compare("\(values.count) Int32 to a new array", items: values.count, per: "element", variants)

      var changed = values
      var inPlace = [
        Variant("for loop") {
          modifySequentially(&changed)
          return changed.count
        }
      ]
      for pool in pools {
        inPlace.append(
          Variant("modifyEach, \(pool.label)") {
            pool.run { modifyInParallel(&changed) }
            return changed.count
          })
      }
      try report.compare("\(values.count) Int32 in place", items: values.count, per: "element", inPlace)
    }
  }
}
