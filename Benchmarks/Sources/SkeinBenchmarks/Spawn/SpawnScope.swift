import Dispatch
import Skein

// Many tiny tasks of one scope, all spawned by its body, next to a Dispatch group and a task group of Swift Concurrency.
// Goal: less than 150 ns per task on one thread.

private func taskGroup(_ tasks: Int, _ counter: SharedCounter) async {
  await withDiscardingTaskGroup { group in
    for _ in 0..<tasks { group.addTask { counter.add() } }
  }
}

extension Benchmark {
  static let spawnScope = Benchmark(
    name: "spawn-scope",
    summary: "Tiny tasks spawned into one scope by its body.",
    goal: "less than 150 ns per task on one thread"
  ) { report in
    let tasks = report.size(1_000_000)
    let counter = SharedCounter()
    try report.withPools { report, pools in
      var variants: [Variant<Int>] = []
      for pool in pools {
        for (name, order) in [("lifo", ScopeOrder.lifo), ("fifo", .fifo)] {
          variants.append(
            Variant("scope, \(name), \(pool.label)") {
              pool.run {
                withParallelScope(order: order) { scope in
                  for _ in 0..<tasks { scope.spawn { counter.add() } }
                }
              }
              return counter.take()
            })
        }
      }
      variants.append(
        Variant("Dispatch group") {
          let queue = DispatchQueue(label: "spawn", attributes: .concurrent)
          let group = DispatchGroup()
          for _ in 0..<tasks { queue.async(group: group) { counter.add() } }
          group.wait()
          return counter.take()
        })
      variants.append(
        Variant("Swift task group") {
          waitForTask { await taskGroup(tasks, counter) }
          return counter.take()
        })
      try report.compare("\(tasks) tasks", items: tasks, per: "task", variants)
    }
  }
}
