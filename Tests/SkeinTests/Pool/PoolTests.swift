import Skein
import Synchronization
import Testing

extension InTurn {
  /// The life of a pool.
  @Suite struct PoolTests {
    @Test(arguments: [0, -1, 1_000_000_000, Int.min])
    func impossibleThreadCounts(_ count: Int) {
      #expect(throws: ThreadPoolError.invalidThreadCount(count)) { try ThreadPool(threadCount: count) }
      #expect("\(ThreadPoolError.invalidThreadCount(count))".contains("not \(count)"))
    }

    @Test func impossibleSettings() throws {
      #expect { try ThreadPool(ThreadPool.Configuration(threadCount: 1, stackSize: 100)) } throws: { error in
        guard case .invalidStackSize(100, let minimum) = error as? ThreadPoolError else { return false }
        return "\(error)".contains("at least \(minimum) bytes")
      }
      #expect(throws: ThreadPoolError.self) {
        try ThreadPool(ThreadPool.Configuration(threadCount: 1, stackSize: .max))
      }
      #expect(throws: ThreadPoolError.invalidAffinity([])) {
        try ThreadPool(ThreadPool.Configuration(threadCount: 1, affinity: []))
      }
      #expect(throws: ThreadPoolError.invalidAffinity([-1])) {
        try ThreadPool(ThreadPool.Configuration(threadCount: 1, affinity: [-1]))
      }
    }

    @Test func theSharedPoolIsConfiguredOnce() async {
      await #expect(processExitsWith: .success) {
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 3))
        precondition(ThreadPool.shared.threadCount == 3)
        do throws(ThreadPoolError) {
          try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 2))
          fatalError("configured twice")
        } catch { precondition(error == .sharedPoolAlreadyConfigured) }
      }
      await #expect(processExitsWith: .success) {
        precondition((0..<10).parallel.sum() == 45)
        do throws(ThreadPoolError) {
          try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 2))
          fatalError("configured after its use")
        } catch { precondition(error == .sharedPoolAlreadyConfigured) }
      }
      await #expect(processExitsWith: .success) {
        do throws(ThreadPoolError) {
          try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 0))
          fatalError("no threads")
        } catch { precondition(error == .invalidThreadCount(0)) }
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 2))
        precondition(ThreadPool.shared.threadCount == 2)
      }
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        ThreadPool.shared.shutdown()
      }
      #expect(message(result).contains("ThreadPool.shared cannot be shut down"))
    }

    @Test func useAfterShutdownTraps() async {
      let expected = "after its shut-down"
      let run = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let pool = try ThreadPool(threadCount: 2)
        pool.shutdown()
        blocking { pool.run {} }
      }
      #expect(message(run).contains(expected))
      let spawn = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let pool = try ThreadPool(threadCount: 2)
        pool.shutdown()
        pool.spawn {}
      }
      #expect(message(spawn).contains(expected))
      let loop = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let pool = try ThreadPool(threadCount: 2)
        pool.shutdown()
        _ = (0..<10).parallel(in: pool).sum()
      }
      #expect(message(loop).contains(expected))
      let inside = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let pool = try ThreadPool(threadCount: 2)
        blocking { pool.run { pool.shutdown() } }
      }
      #expect(message(inside).contains("cannot be shut down by work that it has accepted itself"))
    }

    @Test(arguments: threadCounts)
    func shutdownFinishesWhatWasAccepted(_ threads: Int) throws {
      for _ in 0..<rounds(5, long: 200) {
        let pool = try ThreadPool(threadCount: threads)
        let ran = Counter()
        @Sendable func grow(_ depth: Int) {
          ran.add()
          if depth > 0 { for _ in 0..<2 { pool.spawn { grow(depth - 1) } } }
        }
        for _ in 0..<10 { pool.spawn { grow(6) } }
        withTimeout { pool.shutdown() }
        #expect(ran.value == 10 * 127)
        pool.shutdown()
      }
    }

    @Test(arguments: threadCounts)
    func aReleasedPoolFinishesWhatWasAccepted(_ threads: Int) throws {
      let ran = Counter()
      let exited = Counter()
      do {
        let pool = try ThreadPool(
          ThreadPool.Configuration(threadCount: threads, onThreadExit: { _ in exited.add() }))
        for _ in 0..<100 { pool.spawn { ran.add() } }
      }
      #expect(eventually { exited.value == threads })
      #expect(ran.value == 100)
    }

    @Test func thePoolOfTheLastReferenceMayBeReleasedByItsOwnThread() throws {
      for _ in 0..<rounds(20, long: 1000) {
        let exited = Counter()
        do {
          let pool = try ThreadPool(ThreadPool.Configuration(threadCount: 2, onThreadExit: { _ in exited.add() }))
          pool.spawn { [pool] in
            sleep(for: .microseconds(200))
            withExtendedLifetime(pool) {}
          }
        }
        #expect(eventually { exited.value == 2 })
      }
    }

    /// A pool may end as soon as the calls of its workers into another pool have returned.
    @Test func poolsThatEndRightAfterACall() throws {
      let other = try ThreadPool(threadCount: 2)
      withTimeout {
        for _ in 0..<rounds(300, long: 5000) {
          let pool = try? ThreadPool(threadCount: 1)
          pool?.run { other.run {} }
          pool?.shutdown()
        }
      }
    }

    @Test func startAndExitHandlersRunOncePerThread() throws {
      for threads in threadCounts {
        let (started, exited) = (Marks(threads), Marks(threads))
        let pool = try ThreadPool(
          ThreadPool.Configuration(
            threadCount: threads, onThreadStart: { started.mark($0) }, onThreadExit: { exited.mark($0) }))
        #expect(pool.onEachThread { $0 } == Array(0..<threads))
        #expect(started.everyOnce)
        pool.shutdown()
        #expect(exited.everyOnce)
      }
    }

    /// Some 16 MiB of stack, twice the default, in few frames: the thread sanitizer keeps no more than 65 536 of them.
    @Test func aLargeStackIsThereToBeUsed() throws {
      @inline(never) @Sendable func descend(_ depth: Int) -> Int {
        unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: 128) { frame in
          unsafe frame.initialize(repeating: depth)
          return depth == 0 ? 0 : unsafe descend(frame[127] - 1) + 1
        }
      }
      let pool = try ThreadPool(ThreadPool.Configuration(threadCount: 1, stackSize: 512 << 20))
      #expect(pool.run { descend(15_000) } == 15_000)
    }

    @Test func whoIsCurrent() throws {
      #expect(ThreadPool.current == nil)
      #expect(ThreadPool.currentWorkerIndex == nil)
      #expect(ThreadPool.yield() == false)
      let (outer, inner) = (try ThreadPool(threadCount: 2), try ThreadPool(threadCount: 1))
      outer.run {
        #expect(ThreadPool.current === outer)
        let index = ThreadPool.currentWorkerIndex
        inner.run {
          #expect(ThreadPool.current === inner)
          #expect(ThreadPool.currentWorkerIndex == 0)
          #expect(outer.run { ThreadPool.currentWorkerIndex } == index)
        }
        #expect(ThreadPool.current === outer)
        #expect(outer.run { ThreadPool.currentWorkerIndex } == index)
        ThreadPool.yield()
      }
      #expect(ThreadPool.current == nil)
    }

    @Test func statisticsCount() throws {
      let pool = try ThreadPool(threadCount: 4)
      pool.run { withParallelScope { scope in for _ in 0..<100 { scope.spawn {} } } }
      let stolenTasks = pool.statistics().total.stolenJobs
      (0..<200).parallel(in: pool, maximumBatch: 1).forEach { _ in spin(for: .microseconds(50)) }
      for _ in 0..<10 { pool.spawn {} }
      pool.shutdown()
      let statistics = pool.statistics()
      #expect(statistics.workers.count == 4)
      #expect(statistics.total.scopeTasks == 100)
      #expect(statistics.total.submissions == 12)
      #expect(statistics.total.submissions == statistics.workers.map(\.submissions).reduce(0, +))
      #expect(statistics.total.splits >= statistics.total.stolenJobs - stolenTasks)
      #expect(statistics.total.deepestStack >= 1)
      #expect(statistics.total.mostIterationsOfOneLoop <= 1)
    }

    @Test func migrationIsTold() throws {
      let pool = try ThreadPool(threadCount: 4)
      let alone = try ThreadPool(threadCount: 1)
      #expect(
        alone.run {
          joinContext {
            $0.migrated
          } and: {
            $0.migrated
          }
        } == (false, false))
      for _ in 0..<rounds(50, long: 1000) {
        let (first, second) = pool.run {
          joinContext { context in
            let here = ThreadPool.currentWorkerIndex
            sleep(for: .milliseconds(1))
            return (context.migrated, here)
          } and: { context in
            (context.migrated, ThreadPool.currentWorkerIndex)
          }
        }
        #expect(!first.0)
        #expect(second.0 == (first.1 != second.1))
      }
    }
  }
}
