import Skein

// Scopes and spawns: a scope for every board of n queens, many tasks of one scope, and as many detached ones from outside the pool.

extension Row {
  static let scopes =
    rows("queens-scope", threads: [1, 2, 8, 64]) { run, pool in
      let board = Queens(run.isQuick ? 9 : 12)
      run.measure(items: board.placements(), in: pool) { board.scopedSolutions() }
    }
    + rows("spawn", threads: [1, 2, 8, 64]) { run, pool in
      let tasks = run.size(1_000_000)
      let counter = SharedCounter()
      run.measure(items: tasks, in: pool) {
        withParallelScope { scope in
          for _ in 0..<tasks { scope.spawn { counter.add() } }
        }
        return counter.take()
      }
    }
    + rows("spawn-outside", threads: [1, 2, 8, 64]) { run, pool in
      let tasks = run.size(1_000_000)
      run.measure(items: tasks) {
        let finish = Countdown(tasks)
        for _ in 0..<tasks { pool.spawn { finish.countDown() } }
        finish.wait()
        return tasks
      }
    }
}

extension Queens {
  /// Solutions, by a scope with a task for each place of the next queen.
  @inline(never)
  fileprivate func scopedSolutions() -> Int {
    if isComplete { return 1 }
    var places = free
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: 32) { memory in
      // SAFETY: each task writes a count of its own, which is read when the scope has ended.
      nonisolated(unsafe) let counts = memory.baseAddress!
      var taskCount = 0
      withParallelScope { scope in
        while places != 0 {
          let queen = places & (0 &- places)
          places ^= queen
          let next = placing(queen)
          let index = taskCount
          scope.spawn { (counts + index).initialize(to: next.scopedSolutions()) }
          taskCount += 1
        }
      }
      return memory[..<taskCount].reduce(0, +)
    }
  }
}
