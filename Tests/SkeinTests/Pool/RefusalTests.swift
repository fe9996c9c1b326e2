import Skein
import Synchronization
import Testing

extension InTurn {
  /// What a pool refuses, and what is left when it does.
  @Suite struct RefusalTests {
    @Test func everyWayIntoAPoolAfterItsShutdownTraps() async {
      let expected = "work was submitted to a thread pool after its shut-down"
      let each = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let pool = try ThreadPool(threadCount: 2)
        pool.shutdown()
        blocking { _ = pool.onEachThread { $0 } }
      }
      #expect(message(each).contains(expected))
      let suspended = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let pool = try ThreadPool(threadCount: 2)
        pool.shutdown()
        await pool.run {}
      }
      #expect(message(suspended).contains(expected))
      let fromAnother = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let (pool, other) = (try ThreadPool(threadCount: 1), try ThreadPool(threadCount: 1))
        pool.shutdown()
        await other.run { blocking { pool.run {} } }
      }
      #expect(message(fromAnother).contains(expected))
      let sorted = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let pool = try ThreadPool(threadCount: 1)
        pool.shutdown()
        _ = [3, 1, 2].parallel(in: pool).sorted()
      }
      #expect(message(sorted).contains(expected))
    }

    /// A call that was accepted goes to its end, with all that it does, while the pool is being shut down.
    @Test(arguments: fewThreadCounts)
    func shutdownWaitsForCalls(_ threads: Int) throws {
      for _ in 0..<rounds(10, long: 200) {
        let pool = try ThreadPool(threadCount: threads)
        let other = try ThreadPool(threadCount: 1)
        let (begun, ended) = (Flag(), Flag())
        let total = Counter()
        let caller = OutsideThread {
          let sum = pool.run {
            begun.set()
            sleep(for: .milliseconds(2))
            pool.spawn { total.add() }
            withParallelScope { scope in scope.spawn { total.add() } }
            // Back into the closed pool, from another one.
            return other.run {
              pool.spawn { total.add() }
              return pool.run { (0..<100).parallel.map { _ in 1 }.sum() }
            }
          }
          total.add(sum)
          ended.set()
        }
        withTimeout {
          while !begun.isSet { yieldThread() }
          pool.shutdown()
          caller.join()
        }
        #expect(ended.isSet)
        #expect(total.value == 103)
      }
    }

    @Test func shutdownFromSeveralThreadsAtOnce() throws {
      for _ in 0..<rounds(10, long: 200) {
        let pool = try ThreadPool(threadCount: 3)
        let ran = Counter()
        for _ in 0..<20 { pool.spawn { ran.add() } }
        withTimeout { OutsideThread.run(4) { _ in pool.shutdown() } }
        #expect(ran.value == 20)
      }
    }

    @Test(.disabled(if: isSanitized, "Sanitizers need stack of their own."))
    func stacksThatAreTooSmallAndOneThatIsSmall() throws {
      let error = #expect(throws: ThreadPoolError.self) {
        try ThreadPool(ThreadPool.Configuration(threadCount: 1, stackSize: 0))
      }
      guard case .invalidStackSize(0, let minimum) = error else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(throws: ThreadPoolError.invalidStackSize(minimum - 1, minimum: minimum)) {
        try ThreadPool(ThreadPool.Configuration(threadCount: 1, stackSize: minimum - 1))
      }
      #expect(throws: ThreadPoolError.invalidStackSize(-1, minimum: minimum)) {
        try ThreadPool(ThreadPool.Configuration(threadCount: 1, stackSize: -1))
      }
      let pool = try ThreadPool(ThreadPool.Configuration(threadCount: 2, stackSize: minimum))
      #expect(pool.run { ThreadPool.current?.threadCount } == 2)
      #expect((0..<1000).parallel(in: pool, maximumBatch: 1).sum() == 499_500)
    }

    @Test func theMostThreadsAndOneMore() throws {
      let most = ThreadPool.maximumThreadCount
      for count in [most + 1, .max] {
        #expect(throws: ThreadPoolError.invalidThreadCount(count)) { try ThreadPool(threadCount: count) }
        #expect(throws: ThreadPoolError.invalidThreadCount(count)) {
          try ThreadPool(ThreadPool.Configuration(threadCount: count, onThreadStart: { _ in fatalError("a thread") }))
        }
      }
    }

    #if os(Linux)
      /// Threads that were started before the refusal have begun and ended, each once, when the error comes out; a refused shared
      /// pool can be configured again.
      @Test(.disabled(if: isSanitized, "Sanitizers need the address space that this test takes away."))
      func aRefusalHalfWayUndoesWhatWasDone() async {
        await #expect(processExitsWith: .success) {
          limitAddressSpace(toMore: 4 << 30)
          let (begun, ended) = (Counter(), Counter())
          let tooMany = ThreadPool.Configuration(
            threadCount: 1000, stackSize: 64 << 20, onThreadStart: { _ in begun.add() },
            onThreadExit: { _ in ended.add() })
          do throws(ThreadPoolError) {
            try ThreadPool.configureShared(tooMany)
            fatalError("a thousand threads")
          } catch {
            guard case .threadCreationFailed(let started, 1000, _) = error else { fatalError("\(error)") }
            precondition(begun.value == started && ended.value == started)
          }
          try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 2))
          precondition((0..<100).parallel.sum() == 4950)
          precondition(ThreadPool.shared.threadCount == 2)
        }
      }

      /// Two calls come back at once, and the system refuses the thread that is to run them.
      @Test(.disabled(if: isSanitized, "Sanitizers need the address space that this test takes away."))
      func callsThatARefusedThreadWouldHaveRun() async {
        await #expect(processExitsWith: .success) {
          let pool = try ThreadPool(ThreadPool.Configuration(threadCount: 2, stackSize: 2 << 30))
          let other = try ThreadPool(threadCount: 2)
          await other.run {}
          await pool.run {}
          limitAddressSpace(toMore: 1 << 30)
          let calls = Counter()
          for _ in 0..<500 {
            await pool.run {
              blocking {
                other.run {
                  let ready = Counter()
                  @Sendable func call() {
                    ready.add()
                    while ready.value < 2 { yieldThread() }
                    pool.run { _ = calls.add() }
                  }
                  _ = join {
                    call()
                  } and: {
                    call()
                  }
                }
              }
            }
          }
          precondition(calls.value == 1000)
        }
      }
    #endif
  }
}
