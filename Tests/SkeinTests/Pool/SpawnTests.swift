import Skein
import Synchronization
import Testing

extension InTurn {
  /// Scopes and detached closures.
  @Suite struct SpawnTests {
    @Test(arguments: threadCounts, [ScopeOrder.lifo, .fifo])
    func scopesNestedTwelveDeep(_ threads: Int, _ order: ScopeOrder) throws {
      let pool = try ThreadPool(threadCount: threads)
      let leaves = Counter()
      let depth = isSanitized ? 9 : 12
      @Sendable func descend(_ depth: Int) {
        if depth == 0 {
          leaves.add()
          return
        }
        withParallelScope(order: order) { scope in
          scope.spawn { descend(depth - 1) }
          scope.spawn { descend(depth - 1) }
        }
      }
      withTimeout { pool.run { descend(depth) } }
      #expect(leaves.value == 1 << depth)
    }

    @Test func aMillionSpawnsFromOneThread() throws {
      let pool = try ThreadPool(threadCount: 4)
      let ran = Counter()
      let count = elements(1_000_000)
      withTimeout(.seconds(120)) {
        pool.run { for _ in 0..<count { pool.spawn { ran.add() } } }
        for _ in 0..<1000 { pool.spawn { ran.add() } }
        pool.shutdown()
      }
      #expect(ran.value == count + 1000)
    }

    @Test func aMillionSpawnsIntoAScope() throws {
      let pool = try ThreadPool(threadCount: 4)
      let ran = Counter()
      let count = elements(1_000_000)
      withTimeout(.seconds(120)) {
        pool.run { withParallelScope { scope in for _ in 0..<count { scope.spawn { ran.add() } } } }
      }
      #expect(ran.value == count)
    }

    /// W6. In Rayon, the join returns after the spawned closure.
    @Test(arguments: fewThreadCounts)
    func aJoinDoesNotWaitForWhatItSpawns(_ threads: Int) throws {
      for _ in 0..<rounds(20, long: 100) {
        let pool = try ThreadPool(threadCount: threads)
        let released = Flag()
        withTimeout {
          pool.run {
            _ = join {
              pool.spawn { while !released.isSet { sleep(for: .milliseconds(1)) } }
            } and: {
            }
            withParallelScope { scope in scope.spawn {} }
            #expect((0..<100).parallel.map { $0 }.sum() == 4950)
          }
          released.set()
          pool.shutdown()
        }
      }
    }

    @Test func detachedClosuresStartInOrder() throws {
      let pool = try ThreadPool(threadCount: 1)
      let seen = Mutex<[Int]>([])
      pool.run { for index in 0..<1000 { pool.spawn { seen.withLock { $0.append(index) } } } }
      pool.shutdown()
      #expect(seen.withLock { $0 } == Array(0..<1000))
    }

    @Test func theOrderOfAScopeOnOneThread() throws {
      let pool = try ThreadPool(threadCount: 1)
      for (order, expected) in [(ScopeOrder.lifo, Array((0..<50).reversed())), (.fifo, Array(0..<50))] {
        let seen = Mutex<[Int]>([])
        pool.run {
          withParallelScope(order: order) { scope in
            for index in 0..<50 { scope.spawn { seen.withLock { $0.append(index) } } }
          }
        }
        #expect(seen.withLock { $0 } == expected)
      }
    }

    /// The task that is spawned from outside is the waiter's to run when every other worker is busy.
    @Test func aSpawnFromAnOutsideThreadReachesTheWaiter() throws {
      let pool = try ThreadPool(threadCount: 2)
      for _ in 0..<rounds(20, long: 100) {
        let ran = Flag()
        withTimeout {
          pool.run {
            withParallelScope { scope in
              let begun = Flag()
              scope.spawn {
                begun.set()
                let thread = OutsideThread {
                  sleep(for: .milliseconds(5))
                  scope.spawn { ran.set() }
                }
                // This worker does not return before the other one, which waits, has run the new task.
                while !ran.isSet { sleep(for: .milliseconds(1)) }
                thread.join()
              }
              while !begun.isSet { sleep(for: .milliseconds(1)) }
            }
          }
        }
        #expect(ran.isSet)
      }
    }
  }
}
