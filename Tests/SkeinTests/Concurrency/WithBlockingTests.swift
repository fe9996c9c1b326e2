import Skein
import Synchronization
import Testing

/// A place where some wait until all of them are there.
private final class Meeting: Sendable {
  private let missing: Atomic<Int>

  init(of count: Int) { missing = Atomic(count) }

  func wait() {
    missing.subtract(1, ordering: .sequentiallyConsistent)
    while missing.load(ordering: .sequentiallyConsistent) > 0 { sleep(for: .microseconds(100)) }
  }
}

private func pool(_ threads: Int, standIns: Int) throws -> ThreadPool {
  try ThreadPool(ThreadPool.Configuration(threadCount: threads, maximumStandIns: standIns))
}

extension InTurn {
  /// Workers that say that they block.
  @Suite struct WithBlockingTests {
    @Test func itGivesWhatItsClosureGives() throws {
      let pool = try ThreadPool(threadCount: 1)
      func half(_ number: Int) throws(TestError) -> Int {
        if number % 2 != 0 { throw TestError(number) }
        return number / 2
      }
      #expect(try ThreadPool.withBlocking { () throws(TestError) in try half(4) } == 2)
      #expect(
        failure { () throws(TestError) in try ThreadPool.withBlocking { () throws(TestError) in try half(3) } }
          == TestError(3))
      #expect(pool.run { ThreadPool.withBlocking { ThreadPool.withBlocking { 5 } } } == 5)
      #expect(
        failure { () throws(TestError) in
          try pool.run { () throws(TestError) in try ThreadPool.withBlocking { () throws(TestError) in try half(3) } }
        } == TestError(3))
    }

    /// So many wait for each other that stand-ins must run some of them, and stand-ins of these.
    @Test(arguments: [1, 2, 3])
    func tasksOfAScopeThatWaitForEachOther(_ threads: Int) throws {
      let pool = try pool(threads, standIns: 64)
      withTimeout {
        for _ in 0..<rounds(10, long: 300) {
          let meeting = Meeting(of: 8)
          pool.run {
            withParallelScope { scope in for _ in 0..<8 { scope.spawn { ThreadPool.withBlocking { meeting.wait() } } } }
          }
        }
        pool.shutdown()
      }
    }

    /// What a closure that blocks spawns, in a scope around it or in one of its own, is seen by its stand-in.
    @Test(arguments: [1, 2, 3])
    func tasksThatAreSpawnedWithinTheClosure(_ threads: Int) throws {
      let pool = try pool(threads, standIns: 64)
      withTimeout {
        for _ in 0..<rounds(10, long: 300) {
          let meeting = Meeting(of: 2)
          pool.run {
            withParallelScope { scope in
              ThreadPool.withBlocking {
                scope.spawn { meeting.wait() }
                meeting.wait()
              }
              scope.spawn {}
            }
            let nested = Meeting(of: 2)
            ThreadPool.withBlocking {
              withParallelScope { scope in
                scope.spawn { nested.wait() }
                nested.wait()
              }
            }
            #expect((0..<1000).parallel.sum() == 499_500)
          }
        }
        pool.shutdown()
      }
    }

    /// A stand-in that runs a chain of tasks begins a call in between.
    @Test func aCallBesideTheTasksOfAStandIn() throws {
      let pool = try pool(1, standIns: 4)
      let (begun, called, ran) = (Flag(), Flag(), Counter())
      withTimeout {
        let caller = OutsideThread {
          while !begun.isSet { yieldThread() }
          pool.run { called.set() }
        }
        pool.run {
          withParallelScope { scope in
            @Sendable func step() {
              begun.set()
              ran.add()
              if !called.isSet, ran.value < 5_000_000 { scope.spawn { step() } }
            }
            ThreadPool.withBlocking {
              scope.spawn { step() }
              while !called.isSet, ran.value < 5_000_000 { yieldThread() }
            }
          }
        }
        caller.join()
      }
      #expect(ran.value < 5_000_000)
    }

    @Test(arguments: [1, 2, 3])
    func detachedClosuresThatWaitForEachOther(_ threads: Int) throws {
      let pool = try pool(threads, standIns: 64)
      withTimeout {
        for _ in 0..<rounds(10, long: 300) {
          let meeting = Meeting(of: 9)
          for _ in 0..<8 { pool.spawn { ThreadPool.withBlocking { meeting.wait() } } }
          meeting.wait()
        }
        pool.shutdown()
      }
    }

    @Test(arguments: [1, 2, 3])
    func callsAndTasksThatWaitForEachOther(_ threads: Int) async throws {
      let pool = try pool(threads, standIns: 64)
      await withAsyncTimeout {
        for _ in 0..<rounds(10, long: 300) {
          let meeting = Meeting(of: 8)
          await withTaskGroup(of: Void.self) { group in
            for index in 0..<8 {
              if index % 2 == 0 {
                group.addTask(executorPreference: pool) { ThreadPool.withBlocking { meeting.wait() } }
              } else {
                group.addTask { await pool.run { ThreadPool.withBlocking { meeting.wait() } } }
              }
            }
          }
        }
      }
    }

    /// What comes when all stand-ins sleep wakes one.
    @Test func aCallToAPoolWhoseThreadsBlock() throws {
      let pool = try pool(1, standIns: 1)
      withTimeout {
        let (begun, ended) = (Flag(), Flag())
        pool.spawn {
          ThreadPool.withBlocking {
            begun.set()
            while !ended.isSet { sleep(for: .milliseconds(1)) }
          }
        }
        while !begun.isSet { yieldThread() }
        for round in 0..<20 {
          if round % 4 == 0 { sleep(for: .milliseconds(2)) }
          #expect(pool.run { (0..<100).parallel.sum() } == 4950)
        }
        ended.set()
        pool.shutdown()
      }
    }

    @Test(arguments: [(1, 0), (1, 2), (2, 3)])
    func thereAreNoMoreThanAreAllowed(_ threads: Int, _ standIns: Int) throws {
      let pool = try pool(threads, standIns: standIns)
      let blocked = Gauge()
      withTimeout {
        pool.run {
          withParallelScope { scope in
            for _ in 0..<40 {
              scope.spawn {
                ThreadPool.withBlocking {
                  blocked.enter()
                  sleep(for: .milliseconds(1))
                  blocked.leave()
                }
              }
            }
          }
        }
      }
      #expect(blocked.peak <= threads + standIns)
    }

    /// W2: a loop that is at its bound stays there.
    @Test(arguments: [1, 2, 3])
    func aLoopHasNoMoreOpenIterations(_ threads: Int) throws {
      let pool = try pool(threads, standIns: 64)
      let open = OpenIterations(threadCount: threads)
      let others = Counter()
      withTimeout {
        pool.run {
          (0..<60).parallel(maximumBatch: 1).forEach { _ in
            open.run {
              pool.spawn { others.add((0..<10).parallel.map { _ in 1 }.sum()) }
              ThreadPool.withBlocking { sleep(for: .microseconds(300)) }
              withParallelScope { scope in
                for _ in 0..<2 { scope.spawn { ThreadPool.withBlocking { sleep(for: .microseconds(100)) } } }
              }
            }
          }
        }
        pool.shutdown()
      }
      #expect(open.count == 60)
      #expect(open.peak <= threads)
      #expect(open.deepest == 1)
      #expect(others.value == 600)
    }

    /// When the worker goes on, its stand-in leaves to others what it has spawned.
    @Test func aStandInThatIsNoneAnyMoreBeginsNoTask() throws {
      let pool = try ThreadPool(threadCount: 1)
      let (goneOn, begun, ran) = (Flag(), Counter(), Counter())
      let standIn = Atomic<UInt>(0)
      pool.run {
        withParallelScope { scope in
          // The newest begins first, and its stand-in takes the other one.
          scope.spawn {
            standIn.store(currentThread(), ordering: .sequentiallyConsistent)
            for _ in 0..<200 {
              scope.spawn {
                if standIn.load(ordering: .sequentiallyConsistent) == currentThread() { begun.add() }
                ran.add()
              }
            }
            while !goneOn.isSet { sleep(for: .milliseconds(1)) }
          }
          scope.spawn {
            ThreadPool.withBlocking {
              while standIn.load(ordering: .sequentiallyConsistent) == 0 { sleep(for: .milliseconds(1)) }
            }
            goneOn.set()
          }
        }
      }
      #expect(ran.value == 200)
      #expect(begun.value == 0)
    }

    /// In a pool of one thread one runs beside the one that blocks, however often that one says so.
    @Test func nestedClosuresThatBlockHaveOneStandIn() async throws {
      let pool = try ThreadPool(threadCount: 1)
      let (running, ran) = (Gauge(), Counter())
      for _ in 0..<20 {
        pool.spawn {
          running.enter()
          sleep(for: .milliseconds(1))
          running.leave()
          ran.add()
        }
      }
      await pool.run {
        ThreadPool.withBlocking {
          ThreadPool.withBlocking {
            ThreadPool.withBlocking { while ran.value < 20 { sleep(for: .milliseconds(1)) } }
          }
        }
      }
      #expect(running.peak == 1)
    }

    /// A stand-in's own handler would ask for the next one.
    @Test func startHandlersHaveNoStandIns() throws {
      let started = Counter()
      let pool = try ThreadPool(
        .init(
          threadCount: 1,
          onThreadStart: { _ in
            started.add()
            ThreadPool.withBlocking { sleep(for: .milliseconds(2)) }
          }))
      pool.run { ThreadPool.withBlocking { sleep(for: .milliseconds(1)) } }
      pool.shutdown()
      #expect(started.value <= 2)
    }

    @Test func aNumberOfStandInsThatMakesNoSense() {
      #expect(
        failure { () throws(ThreadPoolError) in
          try ThreadPool(ThreadPool.Configuration(threadCount: 1, maximumStandIns: -1))
        } == .invalidStandInCount(-1))
    }
  }
}
