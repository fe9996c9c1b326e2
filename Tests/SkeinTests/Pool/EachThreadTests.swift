import Skein
import Testing

extension InTurn {
  /// `onEachThread` and `spawnOnEachThread`, from wherever they can be called.
  @Suite struct EachThreadTests {
    @Test(arguments: threadCounts)
    func fromOutsideAndFromAWorker(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let all = Array(0..<threads)
      let check: @Sendable () -> Void = {
        let indices = pool.onEachThread { index in
          #expect(ThreadPool.currentWorkerIndex == index)
          return index
        }
        #expect(indices == all)
      }
      withTimeout {
        for _ in 0..<rounds(50, long: 2000) {
          check()
          pool.run(check)
        }
      }
    }

    @Test(arguments: threadCounts)
    func nested(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        for _ in 0..<rounds(20, long: 1000) {
          let ran = pool.onEachThread { _ in pool.onEachThread { _ in 1 }.reduce(0, +) }
          #expect(ran == [Int](repeating: threads, count: threads))
        }
      }
    }

    @Test(arguments: [2, 4, 8])
    func fromTwoWorkersAtOnce(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        for _ in 0..<rounds(100, long: 5000) {
          let (left, right) = pool.run {
            join {
              pool.onEachThread { $0 }.count
            } and: {
              pool.onEachThread { $0 }.count
            }
          }
          #expect(left == threads && right == threads)
        }
      }
    }

    @Test(arguments: threadCounts)
    func insideIterations(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let ran = Counter()
      withTimeout {
        (0..<20).parallel(in: pool, maximumBatch: 1).forEach { _ in ran.add(pool.onEachThread { _ in 1 }.reduce(0, +)) }
      }
      #expect(ran.value == 20 * threads)
    }

    @Test(arguments: [1, 4])
    func fromAnotherPool(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let other = try ThreadPool(threadCount: 2)
      withTimeout {
        for _ in 0..<rounds(20, long: 500) {
          (0..<4).parallel(in: other).forEach { _ in
            #expect(pool.onEachThread { index in index } == Array(0..<threads))
            #expect(pool.onEachThread { _ in other.run { 1 } }.reduce(0, +) == threads)
          }
        }
      }
    }

    @Test(arguments: threadCounts)
    func inAScope(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for _ in 0..<rounds(20, long: 1000) {
        let ran = Marks(threads)
        withTimeout {
          pool.run {
            withParallelScope { scope in
              scope.spawnOnEachThread { index in
                #expect(ThreadPool.currentWorkerIndex == index)
                ran.mark(index)
                scope.spawn {}
              }
            }
          }
        }
        #expect(ran.everyOnce)
      }
    }

    @Test func theErrorOfTheLowestIndex() throws {
      let pool = try ThreadPool(threadCount: 4)
      #expect(throws: TestError(2)) {
        try pool.onEachThread { index in if index >= 2 { throw TestError(index) } }
      }
    }
  }
}
