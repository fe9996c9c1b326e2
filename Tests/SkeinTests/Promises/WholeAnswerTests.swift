import Skein
import Synchronization
import Testing

extension InTurn {
  /// A cancelled call gives its whole answer or an error, and keeps nothing.
  @Suite struct WholeAnswerTests {
    private final class Life: Sendable {}
    private final class Witness: Sendable {
      private let reference = Mutex<WeakLife>(WeakLife())
      private struct WeakLife: Sendable { weak var life: Life? }

      func watch(_ life: Life) { reference.withLock { $0.life = life } }
      var isGone: Bool { reference.withLock { $0.life == nil } }
    }

    @Test(arguments: fewThreadCounts)
    func cancellationAtEveryMoment(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for delay in 0..<rounds(60, long: 2000) {
        let task = Task {
          try await pool.run { () throws in
            let whole = Array((0..<2000).parallel(maximumBatch: 1).map { $0 })
            let thrown = try Array((0..<2000).parallel(maximumBatch: 1).map { number throws(any Error) in number })
            return (whole.count, whole[1999], thrown.count, thrown[1999])
          }
        }
        spin(for: .microseconds(delay * 5))
        task.cancel()
        switch await task.result {
        case .success(let answer): #expect(answer == (2000, 1999, 2000, 1999))
        case .failure(let error): #expect(error is CancellationError)
        }
      }
    }

    @Test func whoAsksIsTold() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let (begun, seen) = (Flag(), Counter())
      let task = Task {
        await pool.run {
          _ = join {
            begun.set()
            while !ThreadPool.isCancelled { sleep(for: .milliseconds(1)) }
            seen.add()
          } and: {
            while !ThreadPool.isCancelled { sleep(for: .milliseconds(1)) }
            seen.add()
          }
        }
      }
      while !begun.isSet { try await Task.sleep(for: .milliseconds(1)) }
      task.cancel()
      await task.value
      #expect(seen.value == 2)
      #expect(!ThreadPool.isCancelled)
    }

    /// Captures of tasks and detached closures are released before whoever waits for them goes on.
    @Test func whatWasCapturedIsGone() throws {
      for _ in 0..<rounds(100, long: 5000) {
        let pool = try ThreadPool(threadCount: 2)
        let witness = Witness()
        withTimeout {
          pool.run {
            withParallelScope { scope in
              let life = Life()
              witness.watch(life)
              scope.spawn { _ = life }
            }
            #expect(witness.isGone)
          }
          do {
            let life = Life()
            witness.watch(life)
            pool.spawn { _ = life }
          }
          pool.shutdown()
          #expect(witness.isGone)
        }
      }
    }
  }

  /// The task-local values of the caller are seen in everything that runs on its behalf.
  @Suite struct TaskLocalTests {
    private enum Trace { @TaskLocal static var id = 0 }

    @Test(arguments: fewThreadCounts)
    func wherever(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      @Sendable func everywhere(_ id: Int) {
        let (left, right) = join {
          Trace.id
        } and: {
          Trace.id
        }
        #expect((left, right) == (id, id))
        let loop = Array(
          (0..<200).parallel(maximumBatch: 1).map { _ in
            spin(for: .microseconds(5))
            return Trace.id
          })
        #expect(Set(loop) == [id])
        #expect(pool.onEachThread { _ in Trace.id } == [Int](repeating: id, count: threads))
        withParallelScope { scope in
          for number in 0..<20 {
            Trace.$id.withValue(id + number) { scope.spawn { #expect(Trace.id == id + number) } }
            scope.spawn { #expect(Trace.id == id) }
          }
          Trace.$id.withValue(id + 1) { scope.spawnOnEachThread { _ in #expect(Trace.id == id + 1) } }
          scope.spawnOnEachThread { _ in #expect(Trace.id == id) }
        }
      }
      await Trace.$id.withValue(7) {
        await pool.run {
          everywhere(7)
          Trace.$id.withValue(9) { everywhere(9) }
          everywhere(7)
        }
      }
      withTimeout { pool.run { everywhere(0) } }
      Trace.$id.withValue(3) {
        blocking { pool.run { everywhere(3) } }
        blocking { everywhere(3) }
        pool.spawn { #expect(Trace.id == 3) }
      }
      pool.shutdown()
    }
  }
}
