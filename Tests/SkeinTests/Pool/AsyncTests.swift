import Skein
import Synchronization
import Testing

extension InTurn {
  /// Pools and Swift's tasks.
  @Suite struct AsyncTests {
    @Test(arguments: threadCounts)
    func aTaskSuspendsUntilItsClosureIsDone(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let total = await withTaskGroup(of: Int.self) { group in
        for index in 0..<100 { group.addTask { await pool.run { (0..<index).parallel.sum() } } }
        return await group.reduce(0, +)
      }
      #expect(total == (0..<100).map { $0 * ($0 - 1) / 2 }.reduce(0, +))
      await #expect(throws: TestError(3)) { try await pool.run { () throws in throw TestError(3) } }
    }

    @Test(arguments: fewThreadCounts)
    func cancellationStopsALoop(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let (begun, cancelled, ran) = (Flag(), Flag(), Counter())
      let task = Task {
        try await pool.run { () throws in
          try (0..<1_000_000).parallel(maximumBatch: 4).forEach { _ throws(any Error) in
            ran.add()
            begun.set()
            while !cancelled.isSet { sleep(for: .milliseconds(1)) }
          }
        }
      }
      while !begun.isSet { await Task.yield() }
      task.cancel()
      cancelled.set()
      await #expect(throws: CancellationError.self) { try await task.value }
      // Each thread ends the batch that it was in.
      #expect(ran.value <= 4 * threads)
    }

    @Test func cancellationBeforeTheStart() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let task = Task {
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        return try await pool.run { () throws in (0..<1000).parallel.map { $0 }.sum() }
      }
      await #expect(throws: CancellationError.self) { _ = try await task.value }
    }

    /// While all workers are busy, a cancelled call that has not begun ends at once.
    @Test func cancellationOfACallThatWaits() async throws {
      let pool = try ThreadPool(threadCount: 1)
      let (busy, released, ran) = (Flag(), Flag(), Flag())
      pool.spawn {
        busy.set()
        while !released.isSet { sleep(for: .milliseconds(1)) }
      }
      while !busy.isSet { await Task.yield() }
      let tasks = (0..<20).map { index in
        Task {
          if index % 2 == 0 { try? await Task.sleep(for: .milliseconds(index)) }
          try await pool.run { () throws in ran.set() }
        }
      }
      try? await Task.sleep(for: .milliseconds(5))
      await withAsyncTimeout {
        for task in tasks {
          task.cancel()
          await #expect(throws: CancellationError.self) { try await task.value }
        }
      }
      // What it leaves in the queue is in nobody's way.
      released.set()
      #expect(await pool.run { 1 } == 1)
      #expect(!ran.isSet)
      blocking { withTimeout { pool.shutdown() } }
    }

    /// And so whenever it comes, a call is made or is not.
    @Test(arguments: [1, 2])
    func cancellationAtEveryMoment(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for moment in 0..<rounds(200, long: 20_000) {
        let lives = Lives()
        let task = Task { [held = LifeTracked(moment, lives)] in
          try await pool.run { () throws in (0..<10).parallel.map { $0 + held.value }.sum() }
        }
        spin(for: .microseconds(moment % 50))
        task.cancel()
        do { #expect(try await task.value == 45 + 10 * moment) } catch { #expect(error is CancellationError) }
      }
      blocking { withTimeout { pool.shutdown() } }
    }

    @Test func aClosureThatCannotThrowReturns() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let task = Task {
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        return await pool.run { Array((0..<100_000).parallel(maximumBatch: 1).map { $0 }).count }
      }
      _ = await task.value
    }

    @Test func otherTasksAreNotCancelled() async throws {
      let pool = try ThreadPool(threadCount: 4)
      let cancelled = Task {
        try await pool.run { () throws in (0..<10_000).parallel.forEach { _ in spin(for: .microseconds(2)) } }
      }
      let kept = Task { try await pool.run { () throws in (0..<10_000).parallel.map { _ in 1 }.sum() } }
      cancelled.cancel()
      #expect(try await kept.value == 10_000)
      _ = try? await cancelled.value
    }
  }
}
