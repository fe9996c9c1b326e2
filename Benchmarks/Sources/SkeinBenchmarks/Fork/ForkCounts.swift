import Skein

// What a fork and a loop ask of the runtime: retains, releases, objects and other allocations, counted by hooks of the Swift runtime
// and of the allocator. Shared reference counts, touched by several threads, are the first thing that keeps Swift programs
// from scaling.
// Goal: none per fork and none per split of a loop, whether or not its closure captures something. A count that is not zero makes the program end with status 1.

/// Something that a closure captures by reference.
private final class Shift: Sendable {
  let value: Int
  init(_ value: Int) { self.value = value }
}

extension Benchmark {
  static let forkCounts = Benchmark(
    name: "fork-counts",
    summary: "Retains, releases, objects and allocations for each fork and for each split of a loop.",
    goal: "zero; waking and sleeping may show as less than one in a hundred forks or splits"
  ) { report in
    var table = Counts.table()
    try report.withPools { report, pools in
      let (few, many) = (10, report.options.divisor == 1 ? 30 : 24)
      for pool in pools {
        // The difference of two sizes: what the call of the pool costs is no part of it.
        func count(_ n: Int) -> Counts { Counts { pool.run { _ = opaque(forkedFibonacci(opaque(n))) } } }
        _ = count(few)
        let forks = forkCount(ofFibonacci: many) - forkCount(ofFibonacci: few)
        let each = (count(many) - count(few)) / forks
        table.rows.append(each.row("fork, \(pool.label)", forks))
        if each.most >= 0.01 {
          report.fail("a fork on \(pool.label) retains or allocates")
        }
      }
      // Loops as such, whose closure captures nothing, and whose closure captures an object.
      let loops = report.size(20_000)
      let length = 4096
      let shift = Shift(3)
      func runLoops(_ count: Int, _ pool: ThreadPool) {
        pool.run {
          for _ in 0..<count { _ = opaque((0..<opaque(length)).parallel.map { $0 ^ ($0 >> 3) }.sum()) }
        }
      }
      func runCapturingLoops(_ count: Int, _ pool: ThreadPool) {
        pool.run {
          let numbers = (0..<opaque(length)).parallel(in: pool).map { $0 ^ ($0 >> shift.value) }
          for _ in 0..<count { _ = opaque(numbers.sum()) }
        }
      }
      for (name, run) in [("", runLoops), (" that captures", runCapturingLoops)] {
        // What it costs to begin and end a loop, as measured where none is divided.
        var undivided: Counts?
        for pool in pools {
          run(10, pool)
          let small = Counts { run(100, pool) }
          let before = pool.statistics().total.splits
          let large = Counts { run(100 + loops, pool) }
          let splits = pool.statistics().total.splits - before
          let all = large - small
          table.rows.append((all / loops).row("loop\(name), \(pool.label)", loops))
          if splits == 0 {
            undivided = all
            if name.isEmpty, (all / loops).most >= 0.01 { report.fail("a loop on \(pool.label) retains or allocates") }
          } else if splits > 1000, let undivided {
            let each = (all - undivided) / splits
            table.rows.append(each.row("split of a loop\(name), \(pool.label)", splits))
            if each.most >= 0.01 { report.fail("a split on \(pool.label) retains or allocates") }
          }
        }
      }
    }
    report.add(table)
  }
}
