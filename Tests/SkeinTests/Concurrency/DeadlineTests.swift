import Skein
import Testing

extension InTurn {
  /// Calls that end at a point in time.
  @Suite struct DeadlineTests {
    @Test(arguments: [1, 2, 8])
    func aCallThatIsInTime(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      #expect(try await pool.run(until: .now + .seconds(1000)) { (0..<100).parallel.sum() } == 4950)
      #expect(try await pool.run(until: .now + .seconds(1 << 50)) { 1 } == 1)
      await #expect(throws: TestError(1)) { try await pool.run(until: .now + .seconds(1000)) { throw TestError(1) } }
    }

    @Test(arguments: [1, 2, 8])
    func aLoopEndsAtTheDeadline(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let lives = Lives()
      await withAsyncTimeout {
        await #expect(throws: ThreadPool.DeadlinePassed()) {
          try await pool.run(until: .now + .milliseconds(5)) {
            try Array(
              (0..<1_000_000).parallel(maximumBatch: 1).map { index throws(any Error) in
                sleep(for: .milliseconds(1))
                return LifeTracked(index, lives)
              }
            ).count
          }
        }
      }
      #expect(lives.alive == 0)
    }

    @Test func aCallThatIsLate() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let ran = Flag()
      await #expect(throws: ThreadPool.DeadlinePassed()) { try await pool.run(until: .now - .seconds(1)) { ran.set() } }
      #expect(!ran.isSet)
      // One that comes to its end all the same.
      await #expect(throws: ThreadPool.DeadlinePassed()) {
        try await pool.run(until: .now + .milliseconds(2)) { while !ThreadPool.isCancelled { yieldThread() } }
      }
    }

    @Test func cancellationComesBefore() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let task = Task {
        try await pool.run(until: .now + .seconds(1000)) { while true { try ThreadPool.checkCancellation() } }
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }
}
