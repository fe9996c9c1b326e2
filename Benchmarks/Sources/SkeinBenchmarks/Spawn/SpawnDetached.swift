import Dispatch
import Skein

// Detached tasks handed to a pool from a thread outside it, and waited for with a counter that the last one signals.
// Goal: less than 200 ns per task.

extension Benchmark {
  static let spawnDetached = Benchmark(
    name: "spawn-detached",
    summary: "Tiny tasks handed to a pool from outside with pool.spawn.",
    goal: "less than 200 ns per task"
  ) { report in
    let tasks = report.size(1_000_000)
    try report.withPools { report, pools in
      var variants: [Variant<Int>] = []
      for pool in pools {
        variants.append(
          Variant("pool.spawn, \(pool.label)") {
            let finish = Countdown(tasks)
            for _ in 0..<tasks { pool.spawn { finish.countDown() } }
            finish.wait()
            return tasks
          })
      }
      variants.append(
        Variant("DispatchQueue.async") {
          let finish = Countdown(tasks)
          let queue = DispatchQueue(label: "spawn", attributes: .concurrent)
          for _ in 0..<tasks { queue.async { finish.countDown() } }
          finish.wait()
          return tasks
        })
      try report.compare("\(tasks) tasks", items: tasks, per: "task", variants)
    }
  }
}
