import Skein
import Synchronization
import Testing

extension InTurn {
  /// W5: pools that wait for each other, in whatever way, go on.
  @Suite struct StandstillTests {
    enum Way: CaseIterable {
      case run, eachThread, scopeOnEachThread

      func call(_ pool: ThreadPool) {
        switch self {
        case .run: pool.run {}
        case .eachThread: pool.onEachThread { _ in }
        case .scopeOnEachThread: pool.run { withParallelScope { scope in scope.spawnOnEachThread { _ in } } }
        }
      }
    }

    /// Two pools, and two callers that have nothing to do with each other.
    @Test(arguments: Way.allCases, Way.allCases)
    func fromBothSides(_ way: Way, _ back: Way) throws {
      for threads in [1, 2] {
        let (a, b) = (try ThreadPool(threadCount: threads), try ThreadPool(threadCount: threads))
        withTimeout {
          for _ in 0..<rounds(20, long: 1000) {
            let inside = Counter()
            OutsideThread.run(2) { side in
              let (own, other, way) = side == 0 ? (a, b, way) : (b, a, back)
              own.run {
                inside.add()
                while inside.value < 2 { yieldThread() }
                way.call(other)
              }
            }
          }
        }
      }
    }

    /// Two workers of one pool, each of which wants something of the other's thread.
    @Test(arguments: ThreadPool.WaitPolicy.allCases)
    func scopesThatNeedEachOthersThreads(_ policy: ThreadPool.WaitPolicy) throws {
      let pool = try ThreadPool(ThreadPool.Configuration(threadCount: 2, waitPolicy: policy))
      withTimeout {
        for _ in 0..<rounds(20, long: 1000) {
          let (inside, ran) = (Counter(), Counter())
          OutsideThread.run(2) { _ in
            pool.run {
              inside.add()
              while inside.value < 2 { yieldThread() }
              withParallelScope { scope in scope.spawnOnEachThread { _ in ran.add() } }
            }
          }
          #expect(ran.value == 4)
        }
      }
    }

    @Test(arguments: isSanitized ? [2, 20, 60] : [2, 20, 150, 600])
    func aChainOfCallsBackAndForth(_ depth: Int) throws {
      let pools = [try ThreadPool(threadCount: 1), try ThreadPool(threadCount: 1)]
      @Sendable func call(_ rest: Int) -> Int { rest == 0 ? 0 : pools[rest % 2].run { 1 + call(rest - 1) } }
      withTimeout { for _ in 0..<3 { #expect(call(depth) == depth) } }
    }

    /// A call back needs a spare thread; a caller from outside that waits for a slow pool does not.
    @Test func callersFromOutsideDoNotPileUp() throws {
      let (outer, inner) = (try ThreadPool(threadCount: 2), try ThreadPool(threadCount: 1))
      let open = Gauge()
      withTimeout {
        OutsideThread.run(40) { _ in
          outer.run {
            open.enter()
            inner.run { sleep(for: .milliseconds(10)) }
            open.leave()
          }
        }
      }
      #expect(open.peak <= 2)
    }

    @Test func aWorkerShutsAPoolDownThatCallsBack() throws {
      let outer = try ThreadPool(threadCount: 1)
      let called = Flag()
      withTimeout {
        outer.run {
          let inner = try! ThreadPool(threadCount: 1)
          inner.spawn {
            sleep(for: .milliseconds(20))
            outer.run { called.set() }
          }
          inner.shutdown()
          #expect(called.isSet)
        }
      }
    }

    /// A spare thread's start handler calls the pool whose call it was started for.
    @Test func aSparesStartHandlerCallsThePoolThatWaitsForIt() throws {
      let inner = try ThreadPool(threadCount: 1)
      let outer = try ThreadPool(ThreadPool.Configuration(threadCount: 1, onThreadStart: { _ in inner.run {} }))
      withTimeout {
        for _ in 0..<3 { #expect(outer.run { inner.run { outer.run { 7 } } } == 7) }
      }
    }

    /// One thread of the pool has ended by the time that the other's handler calls.
    @Test func aHandlerAtTheEndCallsWhoWaitsForIt() throws {
      let outer = try ThreadPool(threadCount: 1)
      let called = Flag()
      withTimeout {
        outer.run {
          let exit: @Sendable (Int) -> Void = { index in
            guard index == 0 else { return }
            sleep(for: .milliseconds(30))
            outer.run { called.set() }
          }
          let inner = try! ThreadPool(ThreadPool.Configuration(threadCount: 2, onThreadExit: exit))
          inner.shutdown()
        }
      }
      #expect(called.isSet)
    }

    @Test func handlersMakeParallelCalls() throws {
      let sums = Counter()
      let other = try ThreadPool(threadCount: 1)
      withTimeout {
        let count: @Sendable (Int) -> Void = { _ in
          sums.add((0..<9).parallel.sum())
          other.run { _ = sums.add() }
        }
        let pool = try! ThreadPool(ThreadPool.Configuration(threadCount: 2, onThreadStart: count, onThreadExit: count))
        pool.run {}
        pool.shutdown()
      }
      #expect(sums.value == 4 * 37)
    }

    @Test func acceptedWorkUsesAReleasedPool() throws {
      let (released, done) = (Flag(), Flag())
      do {
        let pool = try ThreadPool(threadCount: 2)
        pool.spawn {
          while !released.isSet { sleep(for: .milliseconds(1)) }
          guard let pool = ThreadPool.current, pool.threadCount == 2 else { return }
          pool.spawn { done.set() }
        }
      }
      released.set()
      #expect(eventually { done.isSet })
    }
  }

  /// What one thread has and has not begun, others can have.
  @Suite struct LateHelperTests {
    @Test(arguments: [2, 4])
    func whoGetsFreeDuringALongBatchFindsTheRest(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        let (busy, begun) = (Counter(), Counter())
        for _ in 1..<threads {
          pool.spawn {
            busy.add()
            sleep(for: .milliseconds(20))
          }
        }
        while busy.value < threads - 1 { yieldThread() }
        // Each iteration waits until all have begun, which they can only on as many threads.
        (0..<threads).parallel(in: pool).forEach { _ in
          begun.add()
          while begun.value < threads { sleep(for: .milliseconds(1)) }
        }
      }
    }

    @Test func theInnerOfTwoJoins() throws {
      let pool = try ThreadPool(threadCount: 2)
      withTimeout {
        let (busy, second) = (Flag(), Flag())
        pool.spawn {
          busy.set()
          sleep(for: .milliseconds(20))
        }
        while !busy.isSet { yieldThread() }
        pool.run {
          _ = join {
            join {
              while !second.isSet { sleep(for: .milliseconds(1)) }
            } and: {
              second.set()
            }
          } and: {
          }
        }
      }
    }

    /// A thief takes one task at a time: one that waits for the next does not hold it back.
    @Test(arguments: [ScopeOrder.lifo, .fifo])
    func tasksThatWaitForTasksBesideThem(_ order: ScopeOrder) throws {
      let pool = try ThreadPool(threadCount: 3)
      withTimeout {
        pool.run {
          withParallelScope(order: order) { scope in
            for _ in 0..<50 {
              let flag = Flag()
              scope.spawn { while !flag.isSet { sleep(for: .milliseconds(1)) } }
              scope.spawn { flag.set() }
            }
          }
        }
      }
    }

    /// Whoever is woken for a task may begin something else: the scope's waiter, which sleeps, is to run it then.
    @Test(arguments: [ScopeOrder.lifo, .fifo])
    func theWaiterRunsWhatAWokenWorkerPassesOver(_ order: ScopeOrder) throws {
      let pool = try ThreadPool(threadCount: 3)
      for _ in 0..<(isLong ? 200 : 20) {
        withTimeout {
          let (first, second) = (Flag(), Flag())
          pool.run {
            withParallelScope(order: order) { scope in
              scope.spawn {
                first.set()
                sleep(for: .milliseconds(2))
                scope.spawn { second.set() }
                pool.spawn { while !second.isSet { yieldThread() } }
                while !second.isSet { yieldThread() }
              }
              while !first.isSet { yieldThread() }
            }
          }
        }
      }
    }

    /// A task is spawned where the fork around is open, whose second closure runs elsewhere: that fork must not take it for its own.
    @Test(arguments: [false, true])
    func aSpawnInsideForksThatWereStolen(_ withScope: Bool) throws {
      let pool = try ThreadPool(threadCount: 3)
      for _ in 0..<(isLong ? 500 : 50) {
        let (outer, inner, tasks) = (Counter(), Counter(), Counter())
        withTimeout {
          pool.run {
            withParallelScope { scope in
              _ = join {
                if withScope {
                  withParallelScope { innerScope in
                    innerScope.spawn { inner.add() }
                    while outer.value == 0 || inner.value == 0 { yieldThread() }
                  }
                } else {
                  join {
                    while outer.value == 0 || inner.value == 0 { yieldThread() }
                  } and: {
                    _ = inner.add()
                  }
                }
                scope.spawn { tasks.add() }
              } and: {
                _ = outer.add()
              }
            }
          }
        }
        #expect(outer.value == 1 && inner.value == 1 && tasks.value == 1)
      }
    }

    /// Tasks that their scope's waiter has run itself leave nothing on show: the next task is shown all the same, and wakes somebody.
    @Test(arguments: [2, 3, 8])
    func aTaskBesideALongBodyAfterShortOnes(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        for _ in 0..<10 {
          pool.run {
            withParallelScope { scope in for _ in 0..<8 { scope.spawn {} } }
            sleep(for: .milliseconds(5))
            let isBegun = Flag()
            withParallelScope { scope in
              scope.spawn { isBegun.set() }
              while !isBegun.isSet { yieldThread() }
            }
          }
        }
      }
    }

    /// The scope's waiter sleeps, but for something else: it is of no use to wake it for the task.
    @Test(arguments: [2, 3])
    func aTaskThatComesWhileItsWaiterWaitsForSomethingElse(_ threads: Int) throws {
      let (pool, other) = (try ThreadPool(threadCount: threads), try ThreadPool(threadCount: 1))
      withTimeout {
        for _ in 0..<10 {
          pool.run {
            withParallelScope { scope in
              other.run {
                sleep(for: .milliseconds(5))
                let isBegun = Flag()
                scope.spawn { isBegun.set() }
                while !isBegun.isSet { yieldThread() }
              }
            }
          }
        }
      }
    }

    @Test func aHandleThatGotAwayTraps() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        let escaped = Mutex<ParallelScope<Never>?>(nil)
        blocking { withParallelScope { scope in escaped.withLock { $0 = scope } } }
        escaped.withLock { $0! }.spawn {}
      }
      #expect(message(result).contains("into a scope that has ended"))
    }
  }
}
