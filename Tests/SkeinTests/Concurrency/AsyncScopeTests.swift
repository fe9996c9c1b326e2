import Skein
import Synchronization
import Testing

private enum Local {
  @TaskLocal static var number = 0
}

extension InTurn {
  /// Scopes whose bodies are asynchronous.
  @Suite struct AsyncScopeTests {
    @Test(arguments: threadCounts, [ScopeOrder.lifo, .fifo])
    func allIsDoneAtTheEnd(_ threads: Int, _ order: ScopeOrder) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let lives = Lives()
      for _ in 0..<rounds(20, long: 500) {
        let ran = Counter()
        let inPool = Counter()
        await withAsyncTimeout {
          await withTaskExecutorPreference(pool) {
            let result = await withParallelScope(order: order) { scope in
              for _ in 0..<10 {
                let value = LifeTracked(1, lives)
                scope.spawn {
                  ran.add(value.value)
                  if ThreadPool.current === pool { inPool.add() }
                  for _ in 0..<10 { scope.spawn { ran.add((0..<2).parallel.sum()) } }
                }
                await Task.yield()
              }
              return 7
            }
            #expect(result == 7)
          }
        }
        #expect(ran.value == 110)
        #expect(inPool.value == 10)
        #expect(lives.alive == 0)
      }
    }

    /// The calling thread is not blocked: on an executor of one thread, the body waits for what its task does, and another task runs.
    @Test(arguments: [1, 2])
    func noThreadIsBlocked(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withAsyncTimeout {
        await withTaskExecutorPreference(pool) {
          let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
          let ended = Flag()
          async let other: Void = { while !ended.isSet { await Task.yield() } }()
          let sum = await withParallelScope { scope in
            for index in 0..<100 { scope.spawn { continuation.yield(index) } }
            var sum = 0
            for await number in stream.prefix(100) { sum += number }
            // Not before the body has ended, and so while the scope waits for it.
            scope.spawn {
              sleep(for: .milliseconds(2))
              ended.set()
            }
            return sum
          }
          #expect(ended.isSet)
          #expect(sum == 4950)
          await other
        }
      }
    }

    @Test func outsideAnyPoolItIsTheSharedOne() async {
      let isShared = Flag()
      await withAsyncTimeout {
        await withParallelScope { scope in
          await Task.yield()
          scope.spawn { if ThreadPool.current === ThreadPool.shared { isShared.set() } }
        }
      }
      #expect(isShared.isSet)
    }

    @Test @MainActor func theBodyStaysOnItsActor() async {
      let ran = Counter()
      var sum = 0
      await withParallelScope { scope in
        for index in 0..<10 {
          scope.spawn { ran.add() }
          await Task.yield()
          MainActor.assertIsolated()
          sum += index
        }
      }
      #expect(sum == 45)
      #expect(ran.value == 10)
    }

    /// The pool is that which the task prefers, though the body is on the main actor; unless it has been shut down.
    @Test func onAnActorThePoolIsThatOfTheTask() async throws {
      @MainActor func tasksRun(in pool: ThreadPool) async -> Bool {
        let areThere = Flag()
        await withParallelScope { scope in
          await Task.yield()
          MainActor.assertIsolated()
          scope.spawn { if ThreadPool.current === pool { areThere.set() } }
        }
        return areThere.isSet
      }
      let pool = try ThreadPool(threadCount: 2)
      await withTaskExecutorPreference(pool) {
        #expect(await tasksRun(in: pool))
        await withTaskExecutorPreference(globalConcurrentExecutor) {
          #expect(await tasksRun(in: .shared))
          blocking { pool.shutdown() }
        }
        #expect(await tasksRun(in: .shared))
      }
    }

    @Test(arguments: [1, 2, 8])
    func theFirstErrorInTheOrderOfSpawning(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for last in [0, 3, 9] {
        let ran = Counter()
        await #expect(throws: TestError(last)) {
          try await withTaskExecutorPreference(pool) {
            try await withParallelScope { scope in
              for index in 0..<10 {
                scope.spawn {
                  ran.add()
                  if index >= last { throw TestError(index) }
                }
                await Task.yield()
              }
            }
          }
        }
        #expect(ran.value == 10)
      }
      let ran = Flag()
      await #expect(throws: TestError(1)) {
        try await withParallelScope { scope in
          scope.spawn { ran.set() }
          await Task.yield()
          throw TestError(1)
        }
      }
      #expect(ran.isSet)
    }

    @Test(arguments: [1, 2, 8])
    func tasksSeeThatTheirTaskIsCancelled(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withAsyncTimeout {
        let begun = Flag()
        let task = Task(executorPreference: pool) {
          try await withParallelScope { scope in
            await Task.yield()
            scope.spawn { while !ThreadPool.isCancelled { yieldThread() } }
            scope.spawn {
              try (0..<1_000_000).parallel(maximumBatch: 1).forEach { _ throws(any Error) in
                begun.set()
                sleep(for: .milliseconds(1))
              }
            }
            while !Task.isCancelled { await Task.yield() }
          }
        }
        // On one thread the first task runs alone until it is told.
        while threads > 1 && !begun.isSet { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
      }
    }

    @Test func aPoolLastsAsLongAsTheScope() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let (isOpen, ran) = (Flag(), Counter())
      let task = Task(executorPreference: pool) {
        await withParallelScope { scope in
          isOpen.set()
          for _ in 0..<20 {
            try? await Task.sleep(for: .milliseconds(1))
            scope.spawn { if ThreadPool.current === pool { ran.add() } }
          }
        }
      }
      while !isOpen.isSet { await Task.yield() }
      blocking { withTimeout { pool.shutdown() } }
      #expect(ran.value == 20)
      await withAsyncTimeout { await task.value }
    }

    #if os(Linux)
      @Test func tasksSeeTheValuesOfWhereTheyAreSpawned() async {
        await Local.$number.withValue(1) {
          await withParallelScope { scope in
            scope.spawn { #expect(Local.number == 1) }
            await Local.$number.withValue(2) {
              await Task.yield()
              scope.spawn { #expect(Local.number == 2) }
            }
            scope.spawn { #expect(Local.number == 1) }
          }
        }
      }
    #endif
  }
}
