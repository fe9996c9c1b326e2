import Skein
import Testing

private actor Searcher {
  /// Waits in a loop until the calling task is cancelled, and says how often others were found to be.
  func search(_ begun: Flag) throws {
    begun.set()
    try (0..<1_000_000).parallel(maximumBatch: 1).forEach { _ throws(any Error) in sleep(for: .milliseconds(1)) }
  }

  func isCancelled() -> Bool { ThreadPool.isCancelled || (0..<8).parallel.contains { _ in ThreadPool.isCancelled } }
}

extension InTurn {
  /// The cancellation of tasks that run in a pool.
  @Suite struct ExecutorCancellationTests {
    @Test(arguments: [1, 2, 8])
    func aLoopEndsWithItsTask(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let begun = Flag()
      await withAsyncTimeout {
        let task = Task(executorPreference: pool) {
          await Task.yield()
          begun.set()
          try (0..<1_000_000).parallel(maximumBatch: 1).forEach { _ throws(any Error) in sleep(for: .milliseconds(1)) }
        }
        while !begun.isSet { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        // The next task of that worker has nothing to do with it.
        let sum = await Task(executorPreference: pool) {
          (ThreadPool.isCancelled, try! (0..<100).parallel.map { number throws(any Error) in number }.sum())
        }.value
        #expect(sum == (false, 4950))
      }
    }

    /// Whoever runs a part of a task's work can ask for it.
    @Test(arguments: [2, 8])
    func thievesSeeIt(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withAsyncTimeout {
        let begun = Flag()
        let seen = Task(executorPreference: pool) {
          let here = ThreadPool.currentWorkerIndex
          let isStolen = Flag()
          let (first, second) = join {
            begun.set()
            // The other closure is taken by somebody meanwhile.
            while !isStolen.isSet { yieldThread() }
            while !ThreadPool.isCancelled { yieldThread() }
            return Task.isCancelled
          } and: {
            isStolen.set()
            while !ThreadPool.isCancelled { yieldThread() }
            return ThreadPool.currentWorkerIndex != here
          }
          return first && second
        }
        while !begun.isSet { await Task.yield() }
        seen.cancel()
        #expect(await seen.value)
      }
    }

    /// Many tasks take turns on one actor: each loop there is its own task's.
    @Test(arguments: [1, 2, 8])
    func anActorsLoopBelongsToTheTaskThatCalls(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withAsyncTimeout {
        let searcher = Searcher()
        let begun = Flag()
        let cancelled = Task(executorPreference: pool) { try await searcher.search(begun) }
        while !begun.isSet { await Task.yield() }
        // These wait for the actor, and get it in one turn.
        let others = (0..<8).map { index in
          let task = Task(executorPreference: pool) { await searcher.isCancelled() }
          if index % 2 == 1 { task.cancel() }
          return task
        }
        cancelled.cancel()
        await #expect(throws: CancellationError.self) { try await cancelled.value }
        for (index, task) in others.enumerated() { #expect(await task.value == (index % 2 == 1)) }
      }
    }
  }
}
