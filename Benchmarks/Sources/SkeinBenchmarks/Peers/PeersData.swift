import Dispatch
import Skein

// The same data-parallel work on Skein, Dispatch and task groups of Swift Concurrency: the latter two cut into blocks by hand.
// Those two decide for themselves how many threads they use; compare them with as many threads as the machine has.
// Goal: no slower than Dispatch with blocks cut by hand.

/// The share number `k` of `n` elements in `count` shares.
private func share(_ k: Int, of count: Int, _ n: Int) -> Range<Int> { n * k / count..<n * (k + 1) / count }

private let shares = 64

/// Calls a closure for each share under `concurrentPerform` and gives the results in order.
func performAll<Value: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Value) -> [Value] {
  [Value](unsafeUninitializedCapacity: count) { memory, initializedCount in
    nonisolated(unsafe) let base = memory.baseAddress!
    DispatchQueue.concurrentPerform(iterations: count) { (base + $0).initialize(to: body($0)) }
    initializedCount = count
  }
}

/// The same as a task for each share.
func inTaskGroup<Value: Sendable>(_ count: Int, _ body: @escaping @Sendable (Int) -> Value) -> [Value] {
  waitForTask {
    await withTaskGroup(of: (Int, Value).self) { group in
      for k in 0..<count { group.addTask { (k, body(k)) } }
      var results: [(Int, Value)] = []
      for await result in group { results.append(result) }
      return results.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}

private func sumOfSquares(_ values: [Double], _ range: Range<Int>) -> Double {
  var total = 0.0
  for index in range { total += values[index] * values[index] }
  return total
}

private func widen(_ x: Int32) -> Int64 { Int64(x) &* 3 &+ 1 }

private func widenByDispatch(_ values: [Int32]) -> [Int64] {
  [Int64](unsafeUninitializedCapacity: values.count) { result, count in
    nonisolated(unsafe) let base = result.baseAddress!
    DispatchQueue.concurrentPerform(iterations: shares) { k in
      for index in share(k, of: shares, values.count) { base[index] = widen(values[index]) }
    }
    count = values.count
  }
}

private func widenByTasks(_ values: [Int32]) -> [Int64] {
  let parts = inTaskGroup(shares) { k in share(k, of: shares, values.count).map { widen(values[$0]) } }
  return Array(parts.joined())
}

extension Benchmark {
  static let peersData = Benchmark(
    name: "peers-data",
    summary: "A sum of squares and a map to an array on Skein, Dispatch and Swift task groups.",
    goal: "no slower than Dispatch with 64 blocks cut by hand"
  ) { report in
    let doubles = (0..<report.size(50_000_000)).map { Double($0 & 63) }
    let integers = (0..<Int32(report.size(20_000_000))).map { $0 &* 7919 }
    try report.withPools { report, pools in
      var sums = [
        Variant("Dispatch, 64 blocks") {
          performAll(shares) { sumOfSquares(doubles, share($0, of: shares, doubles.count)) }.reduce(0, +)
        },
        Variant("task group, 64 tasks") {
          inTaskGroup(shares) { sumOfSquares(doubles, share($0, of: shares, doubles.count)) }.reduce(0, +)
        },
      ]
      for pool in pools {
        sums.append(Variant("Skein, \(pool.label)") { doubles.parallel(in: pool).map { $0 * $0 }.sum() })
      }
      try report.compare("Sum of squares of \(doubles.count) doubles", items: doubles.count, per: "element", sums)

      var maps = [
        Variant("Dispatch, 64 blocks") { widenByDispatch(opaque(integers)) },
        Variant("task group, 64 tasks") { widenByTasks(opaque(integers)) },
      ]
      for pool in pools {
        maps.append(Variant("Skein, \(pool.label)") { Array(integers.parallel(in: pool).map { widen($0) }) })
      }
      try report.compare("\(integers.count) Int32 to Int64", items: integers.count, per: "element", maps)
    }
  }
}
