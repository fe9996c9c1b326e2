import Skein
import Synchronization
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

    #if os(Linux)
      /// A task that is begun inside another one's code has a cancellation of its own: in its code, loops, scopes and calls,
      /// and while the work around it sees another.
      @Test(arguments: [1, 2, 8])
      func aTaskInsideAnother(_ threads: Int) async throws {
        let pool = try ThreadPool(threadCount: threads)
        let other = try ThreadPool(threadCount: 1)
        /// Asks everywhere; nil if the answers differ.
        @Sendable func isCancelled() -> Bool? {
          let answers = Mutex<[Bool]>([ThreadPool.isCancelled])
          @Sendable func ask() {
            let answer = ThreadPool.isCancelled
            answers.withLock { $0.append(answer) }
          }
          (0..<100).parallel(maximumBatch: 1).forEach { _ in ask() }
          withParallelScope { scope in for _ in 0..<10 { scope.spawn { ask() } } }
          other.run { ask() }
          // One at a time: these see it while the calling code waits.
          for _ in (0..<4).parallelMapped(maximumInFlight: 1, in: other, { _ in ask() }) {}
          let sum = try? (0..<100).parallel(maximumBatch: 1).map { number throws(any Error) in number }.sum()
          return answers.withLock { answers in
            answers.append(sum == nil)
            return answers.allSatisfy { $0 == answers[0] } ? answers[0] : nil
          }
        }
        /// Begins a task inside the calling code, and asks in it, and around it before and after.
        @Sendable func ask(cancelled isInnerCancelled: Bool) -> [Bool?] {
          let inner = Mutex<[Bool?]>([])
          let before = isCancelled()
          Task.immediate {
            if isInnerCancelled { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
            let answer = isCancelled()
            inner.withLock { $0.append(answer) }
          }
          return [before] + inner.withLock { $0 } + [isCancelled()]
        }
        await withAsyncTimeout {
          for (outer, inner) in [(false, false), (false, true), (true, false), (true, true)] {
            let job = Task(executorPreference: pool) {
              if outer { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
              return ask(cancelled: inner)
            }
            #expect(await job.value == [outer, inner, outer])
            let call = Task {
              if outer { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
              // It cannot throw, so it runs although its task is cancelled.
              return await pool.run { ask(cancelled: inner) }
            }
            #expect(await call.value == [outer, inner, outer])
          }
        }
      }
    #endif
  }
}
