import Skein

// What the promise about waiting costs. Outer loops whose iterations run an inner loop of busy work, in five shapes, under the four
// policies. A worker that waits for the stolen part of its inner loop helps with anything (`anyWork`), with what it waits for
// (`ownWork`), with inner loops (`innerWork`), or not at all (`block`).
// Goal: ownWork no slower than anyWork on two threads, at most 10 % slower on more; iterations of the outer loop that are open at
// once never more than threads, but for anyWork.

private struct Shape: Sendable {
  let name: String
  let outer: Int
  /// Steps before the inner loop.
  let before: Int
  let inner: Int
  /// Steps of an item.
  let cost: @Sendable (_ outer: Int, _ inner: Int) -> Int

  static let all = [
    Shape(name: "64 × 64 items of 20", outer: 64, before: 50, inner: 64) { _, _ in 20 },
    // One iteration in four is fifty times as long.
    Shape(name: "64 × 32, skewed 4/200", outer: 64, before: 50, inner: 32) { i, _ in
      (UInt64(i) &* 0x9E37_79B9_7F4A_7C15) >> 62 == 0 ? 200 : 4
    },
    Shape(name: "40 × 4 items of 500", outer: 40, before: 20, inner: 4) { _, _ in 500 },
    Shape(name: "5 × 1024 items of 10", outer: 5, before: 0, inner: 1024) { _, _ in 10 },
    Shape(name: "40 × 16, one item of 600", outer: 40, before: 20, inner: 16) { _, j in j == 0 ? 600 : 10 },
  ]

  func run(in pool: ThreadPool, _ work: BusyWork, _ count: LiveCount) {
    let shape = self
    (0..<outer).parallel(in: pool).forEach { i in
      count.enter()
      work.run(steps: shape.before)
      (0..<shape.inner).parallel.forEach { j in work.run(steps: shape.cost(i, j)) }
      count.leave()
    }
  }
}

let waitPolicies: [(name: String, policy: ThreadPool.WaitPolicy)] = [
  ("anyWork", .anyWork), ("ownWork", .ownWork), ("innerWork", .innerWork), ("block", .block),
]

extension Benchmark {
  static let waitingShapes = Benchmark(
    name: "waiting-shapes",
    summary: "Nested loops in five shapes under the four wait policies: time relative to anyWork, and open iterations.",
    goal: "ownWork at most 1.00 on two threads and 1.10 on more; never more open iterations than threads"
  ) { report in
    let work = BusyWork(stepNanoseconds: report.options.divisor == 1 ? 500 : 100)
    var table = Table(
      "Time relative to anyWork, and the most outer iterations open at once",
      ["shape", "threads"]
        + waitPolicies.flatMap { $0.policy == .anyWork ? ["anyWork ms"] : ["\($0.name)", "min–max"] }
        + waitPolicies.map { "\($0.name) open" })
    for shape in Shape.all {
      for threads in report.options.waitingThreads {
        let pools = try waitPolicies.map { try ThreadPool(.init(threadCount: threads, waitPolicy: $0.policy)) }
        defer { for pool in pools { pool.shutdown() } }
        let counts = pools.map { _ in LiveCount() }
        let variants = pools.indices.map { index in
          Variant(waitPolicies[index].name) {
            shape.run(in: pools[index], work, counts[index])
            return 0
          }
        }
        let result = try report.rounds(shape.name, variants)
        var row: [Table.Cell] = [.text(shape.name), .text("\(threads)"), .number(result.sample(0).median / 1e6)]
        for index in variants.indices.dropFirst() {
          let ratio = result.ratio(index, to: 0)
          row += [.number(ratio.median), .range(ratio.low, ratio.high)]
        }
        row += counts.map { .text("\($0.most)") }
        table.rows.append(row)
        for index in variants.indices where waitPolicies[index].policy != .anyWork && counts[index].most > threads {
          report.fail("\(shape.name), \(waitPolicies[index].name): \(counts[index].most) open on \(threads) threads")
        }
      }
    }
    report.add(table)
  }
}
