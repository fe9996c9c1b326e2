import Skein
import Testing

extension InTurn {
  /// The end of a pool that tasks prefer as their executor.
  @Suite struct ExecutorEndTests {
    @Test(arguments: [1, 2, 8])
    func whatWasEnqueuedIsRun(_ threads: Int) async throws {
      for _ in 0..<rounds(20, long: 500) {
        let pool = try ThreadPool(threadCount: threads)
        let ran = Counter()
        let gate = Flag()
        let tasks = (0..<50).map { _ in
          Task(executorPreference: pool) {
            while !gate.isSet { yieldThread() }
            #expect(ThreadPool.current != nil)
            ran.add()
          }
        }
        gate.set()
        blocking { withTimeout { pool.shutdown() } }
        #expect(ran.value == 50)
        for task in tasks { await task.value }
      }
    }

    /// Jobs that the accepted ones enqueue are part of the accepted work, with all that they call.
    @Test(arguments: [1, 2, 8])
    func whatAJobEnqueuesIsRun(_ threads: Int) async throws {
      for _ in 0..<rounds(20, long: 500) {
        let pool = try ThreadPool(threadCount: threads)
        let (begun, ran) = (Flag(), Counter())
        let task = Task(executorPreference: pool) {
          begun.set()
          await withTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
              group.addTask {
                await Task.yield()
                if pool.threadCount == 1 || ThreadPool.current !== pool {
                  _ = ran.add()
                  return
                }
                pool.spawn { ran.add() }
              }
            }
          }
        }
        while !begun.isSet { await Task.yield() }
        blocking { withTimeout { pool.shutdown() } }
        await task.value
        #expect(ran.value == 20)
      }
    }

    /// A task that is suspended when its pool ends goes on elsewhere.
    @Test func aSuspendedTaskGoesOn() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let (stream, continuation) = AsyncStream.makeStream(of: Int.self)
      let begun = Flag()
      let task = Task(executorPreference: pool) {
        begun.set()
        var sum = 0
        for await number in stream { sum += number }
        return (sum + (0..<10).parallel.sum(), ThreadPool.current == nil)
      }
      while !begun.isSet { await Task.yield() }
      continuation.yield(1)
      blocking { withTimeout { pool.shutdown() } }
      continuation.yield(2)
      continuation.finish()
      await withAsyncTimeout { #expect(await task.value == (48, true)) }
      // And one that has not begun.
      #expect(await Task(executorPreference: pool) { ThreadPool.current == nil }.value)
    }

    /// A thread outside resumes the last task, which ends, and with it the pool, perhaps before that thread has come back from there. (A sanitizer
    /// would see what it touches then.)
    @Test(arguments: [1, 4])
    func aPoolMayEndWhileSomebodyResumesItsLastTask(_ threads: Int) async throws {
      let resumed = Counter()
      await withTaskGroup(of: Void.self) { group in
        for _ in 0..<8 {
          group.addTask {
            for _ in 0..<rounds(10, long: 2000) {
              let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
              func start() -> Task<Void, Never>? {
                guard let pool = try? ThreadPool(threadCount: threads) else { return nil }
                return Task(executorPreference: pool) { for await _ in stream { resumed.add() } }
              }
              let task = start()
              continuation.yield()
              continuation.finish()
              await task?.value
            }
          }
        }
      }
      #expect(resumed.value == 8 * rounds(10, long: 2000))
    }

    /// Tasks keep the pool that they prefer.
    @Test(arguments: [1, 2, 8])
    func tasksKeepTheirPool(_ threads: Int) async throws {
      for _ in 0..<rounds(20, long: 500) {
        let gate = Flag()
        let threadCount = Counter()
        func start() throws -> Task<Int, Never> {
          let pool = try ThreadPool(threadCount: threads)
          return Task(executorPreference: pool) {
            while !gate.isSet { await Task.yield() }
            threadCount.add(ThreadPool.current?.threadCount ?? 0)
            return (0..<100).parallel.sum()
          }
        }
        let task = try start()
        gate.set()
        await withAsyncTimeout { #expect(await task.value == 4950) }
        #expect(threadCount.value == threads)
      }
    }
  }
}
