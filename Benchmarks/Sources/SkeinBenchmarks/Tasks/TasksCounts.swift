import Skein

// What it takes to hand a job of one of Swift's tasks to an executor: a pool keeps jobs in rings, so it needs no memory beyond what the runtime takes for the task.
// Goal: not one allocation more than on Swift's own executor. A count that is not zero makes the program end with status 1.

/// A task gives its thread up again and again; each time it is enqueued once more.
@Sendable private func yield(_ count: Int) async {
  for _ in 0..<count { await Task.yield() }
}

extension Benchmark {
  static let tasksCounts = Benchmark(
    name: "tasks-counts",
    summary: "Retains, releases, objects and allocations for each time that a task is enqueued.",
    goal: "no allocation and no object more than on Swift's own executor"
  ) { report in
    var table = Counts.table()
    try report.withPools { report, pools in
      let times = report.size(200_000)
      func count(_ times: Int, in pool: ThreadPool?) -> Counts {
        Counts { waitForTask { await withTaskExecutorPreference(pool) { await yield(times) } } }
      }
      func each(in pool: ThreadPool?) -> Counts {
        _ = count(100, in: pool)
        // The difference of two sizes: what the task costs is no part of it.
        return (count(100 + times, in: pool) - count(100, in: pool)) / times
      }
      let own = each(in: nil)
      table.rows.append(own.row("Swift's own executor", times))
      for pool in pools {
        let counts = each(in: pool)
        table.rows.append(counts.row("a pool, \(pool.label)", times))
        if max(counts.objects - own.objects, counts.allocations - own.allocations) >= 0.01 {
          report.fail("to enqueue a job on \(pool.label) allocates")
        }
      }
    }
    report.add(table)
  }
}
