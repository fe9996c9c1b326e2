import Skein
import Synchronization
import Testing

extension InTurn {
  /// W3: what is held across a parallel call is not asked for again by the same thread.
  @Suite struct LockTests {
    @Test(arguments: [2, 8], [ThreadPool.WaitPolicy.ownWork, .block])
    func aLockHeldAcrossALoop(_ threads: Int, _ policy: ThreadPool.WaitPolicy) throws {
      let pool = try ThreadPool(ThreadPool.Configuration(threadCount: threads, waitPolicy: policy))
      for _ in 0..<rounds(2, long: 100) {
        let total = Mutex(0)
        withTimeout {
          (0..<2000).parallel(in: pool).forEach { _ in
            total.withLock { $0 += (0..<16).parallel.map { $0 }.sum() }
          }
        }
        #expect(total.withLock { $0 } == 2000 * 120)
      }
    }

    @Test func aLockHeldAcrossAJoinAndAScope() throws {
      let pool = try ThreadPool(threadCount: 8)
      let total = Mutex(0)
      withTimeout {
        (0..<1000).parallel(in: pool, maximumBatch: 1).forEach { _ in
          total.withLock { total in
            let (left, right) = join {
              1
            } and: {
              (0..<8).parallel.map { _ in 1 }.sum()
            }
            let spawned = Counter()
            withParallelScope { scope in for _ in 0..<3 { scope.spawn { spawned.add() } } }
            total += left + right + spawned.value
          }
        }
      }
      #expect(total.withLock { $0 } == 12_000)
    }

    /// A thread that runs part of the inner loop must not begin the outside call on top of it: whoever holds the lock waits for it.
    @Test func aLockHeldAcrossALoopAndAskedForFromOutside() throws {
      let pool = try ThreadPool(threadCount: 2)
      let total = Mutex(0)
      let finished = Flag()
      let caller = OutsideThread {
        while !finished.isSet {
          sleep(for: .microseconds(300))
          pool.run { total.withLock { $0 += 0 } }
        }
      }
      withTimeout {
        for _ in 0..<rounds(100, long: 1000) {
          pool.run {
            total.withLock {
              $0 += (0..<64).parallel(maximumBatch: 1).map { _ in
                spin(for: .microseconds(20))
                return 1
              }.sum()
            }
          }
        }
        finished.set()
        caller.join()
      }
      #expect(total.withLock { $0 } == 64 * rounds(100, long: 1000))
    }

    private static let table: [Int] = {
      // A loop of many batches, so that others come for parts of it while they too need the table.
      let squares = Array((0..<5000).parallel(maximumBatch: 16).map { $0 * $0 })
      return squares
    }()

    @Test func aOnceInitialiserThatRunsALoop() throws {
      let pool = try ThreadPool(threadCount: 8)
      let wrong = Counter()
      withTimeout {
        (0..<1000).parallel(in: pool, maximumBatch: 1).forEach { index in
          if Self.table[index] != index * index { wrong.add() }
        }
      }
      #expect(wrong.value == 0)
    }

    @Test func aGuardedInitialiserThatRunsALoop() throws {
      let pool = try ThreadPool(threadCount: 8)
      for _ in 0..<rounds(20, long: 100) {
        let table = Mutex<[Int]?>(nil)
        let made = Counter()
        withTimeout {
          (0..<100).parallel(in: pool, maximumBatch: 1).forEach { index in
            let value = table.withLock { table in
              if let table { return table[index] }
              made.add()
              let new = Array((0..<500).parallel(maximumBatch: 4).map { $0 * 3 })
              table = new
              return new[index]
            }
            #expect(value == index * 3)
          }
        }
        #expect(made.value == 1)
      }
    }

    @Test(arguments: threadCounts)
    func workerLocalHeldAcrossALoop(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let made = Counter()
      let scratch = WorkerLocal {
        made.add()
        return 0
      }
      withTimeout {
        (0..<500).parallel(in: pool, maximumBatch: 1).forEach { _ in
          scratch.withValue { value in
            let before = value
            let sum = (0..<8).parallel.map { _ in scratch.withValue { _ in 1 } }.sum()
            #expect(value == before)
            value += sum
          }
        }
      }
      #expect(scratch.values.reduce(0, +) == 4000)
      // One value for the iteration that is open on a thread, one for the inner iteration on the same thread.
      #expect(made.value <= 2 * threads)
      #expect(scratch.removeAll().count == made.value)
      #expect(scratch.values.isEmpty)
    }
  }
}
