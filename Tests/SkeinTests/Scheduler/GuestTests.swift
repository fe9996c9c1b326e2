import Skein
import Synchronization
import Testing

extension InTurn {
  /// Threads outside any pool that make parallel calls: they work in the place of one of the shared pool's workers.
  @Suite struct GuestTests {
    /// Where a closure runs.
    private struct Here: Equatable, Sendable {
      let thread = currentThread()
      let index = ThreadPool.currentWorkerIndex
    }

    /// In a process where nobody else takes a place.
    @Test func theCallersShareIsDoneByTheCaller() async {
      await #expect(processExitsWith: .success) {
        OutsideThread.run(1) { _ in
          let outside = Here()
          #expect(outside.index == nil)
          let elements = Mutex<[Here]>([])
          (0..<1).parallel.forEach { _ in elements.withLock { $0.append(Here()) } }
          #expect(elements.withLock { $0.map(\.thread) } == [outside.thread])
          var first: Here?
          _ = join {
            first = Here()
          } and: {
          }
          var body: Here?
          withParallelScope { _ in body = Here() }
          for here in [first, body] + elements.withLock({ $0 }) {
            #expect(here?.thread == outside.thread)
            #expect((0..<ThreadPool.shared.threadCount).contains(here?.index ?? -1))
          }
          #expect(ThreadPool.current == nil && Here() == outside)
        }
      }
    }

    /// A call that names a pool goes there, and one from a pool stays in it.
    @Test func whoNamesAPoolIsSentThere() throws {
      let pool = try ThreadPool(threadCount: 1)
      let caller = currentThread()
      (0..<1).parallel(in: pool).forEach { _ in
        #expect(currentThread() != caller && ThreadPool.current?.threadCount == 1)
      }
      ThreadPool.shared.run { #expect(currentThread() != caller) }
    }

    @Test func errorsComeOutAndTheGuestIsGone() {
      OutsideThread.run(1) { _ in
        for position in 0..<20 {
          #expect(throws: TestError(position)) {
            try (0..<20).parallel.forEach { index throws(TestError) in if index >= position { throw TestError(index) } }
          }
          #expect(throws: TestError(1)) {
            try join { () throws(TestError) in
              throw TestError(1)
            } and: { () throws(TestError) in
              throw TestError(2)
            }
          }
          #expect(throws: TestError.self) {
            try withParallelScope { scope in
              scope.spawn { throw TestError(1) }
              throw TestError(2)
            }
          }
          #expect(ThreadPool.currentWorkerIndex == nil)
        }
      }
    }

    /// W2, with more callers than there are places: each of their loops has at most as many iterations open as the pool has threads.
    @Test func openIterationsAreBounded() async {
      await #expect(processExitsWith: .success) {
        let threads = 3
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: threads))
        let inner = try ThreadPool(threadCount: 1)
        withTimeout {
          OutsideThread.run(8) { _ in
            for _ in 0..<rounds(20, long: 200) {
              let open = Gauge()
              (0..<30).parallel(maximumBatch: 1).forEach { index in
                open.enter()
                inner.run { spin(for: .microseconds(20)) }
                (0..<4).parallel(maximumBatch: 1).forEach { _ in spin(for: .microseconds(5)) }
                open.leave()
              }
              precondition(open.peak <= threads, "\(open.peak) open iterations on \(threads) threads")
            }
          }
        }
      }
    }

    /// W2, in loops that shares of a guest's call on each thread run: its host runs one of them, so the guest is no further thread for them.
    @Test(arguments: [2, 3]) func openIterationsInSharesAreBounded(_ threads: Int) async {
      await #expect(processExitsWith: .success) { [threads] in
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: threads))
        /// A loop that all threads are in at once, if they may: those of the other shares have nothing else to do.
        @Sendable func loop() {
          let open = Gauge()
          // Longer than it takes until who waits looks again by itself.
          (0..<40 * threads).parallel(maximumBatch: 1).forEach { _ in
            open.enter()
            spin(for: .microseconds(200))
            open.leave()
          }
          precondition(open.peak <= threads, "\(open.peak) open iterations on \(threads) threads")
        }
        withTimeout {
          for round in 0..<rounds(20, long: 1000) {
            withParallelScope { scope in
              let host = ThreadPool.currentWorkerIndex
              if round % 2 == 0 {
                ThreadPool.shared.onEachThread { index in if index == host { loop() } }
              } else {
                scope.spawnOnEachThread { index in if index == host { loop() } }
              }
            }
          }
        }
      }
    }

    /// The worker in whose place a guest works takes none of its jobs: two threads, one guest, and never three at work.
    @Test func theHostStandsAside() async {
      await #expect(processExitsWith: .success) {
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 2))
        withTimeout {
          for _ in 0..<rounds(50, long: 1000) {
            let threads = Mutex<Set<UInt>>([])
            withParallelScope { scope in
              for _ in 0..<40 {
                scope.spawn {
                  threads.withLock { _ = $0.insert(currentThread()) }
                  spin(for: .microseconds(20))
                }
              }
            }
            precondition(threads.withLock { $0.count } <= 2)
          }
        }
      }
    }

    /// While guests are in the middle of their calls, the workers in whose places they work take calls and detached closures.
    @Test(arguments: [1, 2, 3]) func callsAreServedBesideGuests(_ threads: Int) async {
      await #expect(processExitsWith: .success) { [threads] in
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: threads))
        withTimeout {
          let (inside, served, spawned) = (Counter(), Counter(), Flag())
          let guests = (0..<threads).map { _ in
            OutsideThread {
              (0..<1).parallel.forEach { _ in
                inside.add()
                while !(served.value == 10 && spawned.isSet) { sleep(for: .milliseconds(1)) }
              }
            }
          }
          precondition(eventually { inside.value == threads })
          sleep(for: .milliseconds(5))  // until the workers sleep
          OutsideThread.run(10) { _ in ThreadPool.shared.run { _ = served.add() } }
          ThreadPool.shared.spawn { spawned.set() }
          for guest in guests { guest.join() }
        }
      }
    }

    /// So they do the tasks of scopes of threads that have found no place; all of them, though each task needs another thread's.
    @Test(arguments: [1, 2, 3]) func scopesFromOutsideAreServedBesideGuests(_ threads: Int) async {
      await #expect(processExitsWith: .success) { [threads] in
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: threads))
        withTimeout {
          let (inside, isOver) = (Counter(), Flag())
          let guests = (0..<threads).map { _ in
            OutsideThread {
              (0..<1).parallel.forEach { _ in
                inside.add()
                while !isOver.isSet { sleep(for: .milliseconds(1)) }
              }
            }
          }
          precondition(eventually { inside.value == threads })
          for round in 0..<rounds(200, long: 5000) {
            if round % 10 == 0 { sleep(for: .milliseconds(1)) }  // until the workers sleep
            let begun = Counter()
            withParallelScope(order: round % 2 == 0 ? .lifo : .fifo) { scope in
              for _ in 0..<threads {
                scope.spawn {
                  begun.add()
                  while begun.value < threads { yieldThread() }
                }
              }
            }
            precondition(begun.value == threads)
          }
          isOver.set()
          for guest in guests { guest.join() }
        }
      }
    }

    /// Work on show for which nobody but a host could have been woken: its guest's leaving wakes it.
    @Test func aGuestThatLeavesWakesItsHost() async {
      await #expect(processExitsWith: .success) {
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 2))
        withTimeout {
          for _ in 0..<rounds(100, long: 2000) {
            let (entered, leave, taken) = (Flag(), Flag(), Flag())
            let guest = OutsideThread {
              (0..<1).parallel.forEach { _ in
                entered.set()
                while !leave.isSet { yieldThread() }
              }
            }
            while !entered.isSet { yieldThread() }
            sleep(for: .microseconds(500))  // until the workers sleep
            ThreadPool.shared.run {
              // The other worker is the guest's host, or free: the task is taken at once, or when the guest has left.
              _ = join {
                leave.set()
                while !taken.isSet { yieldThread() }
              } and: {
                taken.set()
              }
            }
            guest.join()
          }
        }
      }
    }

    /// A call from a place where calls were short wakes nobody. If its first closure, or a scope's body, is in need of what the call has to give
    /// away, or just long, the sleeper that watches comes and takes that.
    @Test func aPatientCallThatLastsIsHelped() async {
      await #expect(processExitsWith: .success) {
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 2))
        withTimeout {
          for round in 0..<rounds(400, long: 4000) {
            let isLong = round % 20 == 19
            if isLong { sleep(for: .milliseconds(1)) }  // until the workers sleep
            let taken = Flag()
            func body() { while isLong && !taken.isSet { yieldThread() } }
            switch round / 20 % 3 {
            case 0:
              _ = join {
                body()
              } and: {
                taken.set()
              }
            case 1:
              withParallelScope { scope in
                scope.spawn { taken.set() }
                body()
              }
            default:
              withParallelScope(order: .fifo) { scope in
                scope.spawn { taken.set() }
                body()
              }
            }
          }
        }
      }
    }

    @Test(arguments: [128, 256, 600, 1100]) func aThreadWithASmallStackIsNoGuest(_ kilobytes: Int) {
      OutsideThread(stackSize: kilobytes << 10) {
        let caller = currentThread()
        let ranHere = Flag()
        let sum = (0..<1000).parallel.map { (index: Int) -> Int in
          if currentThread() == caller { ranHere.set() }
          return index
        }.sum()
        #expect(sum == 499_500 && !ranHere.isSet)
        let (a, b) = join {
          1
        } and: {
          2
        }
        #expect(a + b == 3)
      }.join()
    }

    /// Threads that a handler has prepared are not to be stood in for.
    @Test func aPoolWithAStartHandlerHasNoGuests() async {
      await #expect(processExitsWith: .success) {
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: 2, onThreadStart: { _ in }))
        let caller = currentThread()
        (0..<100).parallel.forEach { _ in precondition(currentThread() != caller) }
      }
    }

    @Test func aTasksCancellationIsSeenInItsOwnCall() async {
      let seen = await Task {
        unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
        return unguarded {
          join {
            ThreadPool.isCancelled
          } and: {
          }.0
        }
      }.value
      #expect(seen)
    }

    /// No wake-up is lost when guests come and go: in each of many short rounds, after which all is quiet, everything is done, also what a worker
    /// needs another one for.
    @Test(arguments: [1, 2, 3]) func nothingIsLostWhenGuestsComeAndGo(_ threads: Int) async {
      await #expect(processExitsWith: .success) { [threads] in
        try ThreadPool.configureShared(ThreadPool.Configuration(threadCount: threads))
        withTimeout {
          for round in 0..<rounds(300, long: 20_000) {
            OutsideThread.run(threads + 2) { thread in
              if thread == 0 {
                return ThreadPool.shared.run {
                  let taken = Flag()
                  _ = join {
                    while threads > 1 && !taken.isSet { yieldThread() }
                  } and: {
                    taken.set()
                  }
                }
              }
              switch (round + thread) % 4 {
              case 0: (0..<20).parallel(maximumBatch: 1).forEach { _ in }
              case 1: withParallelScope { scope in for _ in 0..<3 { scope.spawn {} } }
              case 2: withParallelScope(order: .fifo) { scope in for _ in 0..<3 { scope.spawn {} } }
              default:
                let done = Flag()
                ThreadPool.shared.spawn { done.set() }
                while !done.isSet { yieldThread() }
              }
            }
          }
        }
      }
    }

    @Test func manyGuestsComeAndGo() {
      withTimeout {
        OutsideThread.run(12) { thread in
          for round in 0..<rounds(300, long: 10_000) {
            #expect((0..<50).parallel.map { $0 &* thread }.sum() == 1225 * thread)
            let (a, b) = join {
              round
            } and: {
              thread
            }
            #expect((a, b) == (round, thread))
            let tasks = Counter()
            withParallelScope { scope in for _ in 0..<3 { scope.spawn { tasks.add() } } }
            #expect(tasks.value == 3)
          }
        }
      }
    }
  }
}

/// Calls a closure where the compiler does not see that the code around it is asynchronous.
private func unguarded<Result>(_ body: () -> Result) -> Result { body() }
