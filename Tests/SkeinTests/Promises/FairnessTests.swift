import Skein
import Synchronization
import Testing

extension InTurn {
  /// Whatever a pool has accepted begins soon, however much other work there is that nobody waits for on the same stack.
  @Suite struct FairnessTests {
    /// A task of a pool that waits to be resumed, and then takes a note.
    private final class Sleeper: Sendable {
      private let waiter = Mutex<CheckedContinuation<Void, Never>?>(nil)
      let hasRun = Flag()

      func begin(in pool: ThreadPool) async -> Task<Void, Never> {
        let task = Task(executorPreference: pool) {
          await withCheckedContinuation { continuation in self.waiter.withLock { $0 = continuation } }
          self.hasRun.set()
        }
        while waiter.withLock({ $0 == nil }) { await Task.yield() }
        return task
      }

      func resume() { waiter.withLock { $0.take() }?.resume() }
    }

    /// Each task of a scope spawns the next, which comes to lie in the same worker's deque.
    @Test(arguments: [1, 2])
    func aJobThatATaskOfAScopeEnqueues(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let sleeper = Sleeper()
      let task = await sleeper.begin(in: pool)
      let ran = Counter()
      await withAsyncTimeout {
        await withTaskExecutorPreference(pool) {
          await withParallelScope { scope async in
            @Sendable func step() {
              ran.add()
              sleeper.resume()
              if !sleeper.hasRun.isSet, ran.value < 5_000_000 { scope.spawn { step() } }
            }
            for _ in 0..<threads { scope.spawn { step() } }
          }
        }
      }
      await task.value
      #expect(ran.value < 5_000_000)
    }

    /// The loop's worker, or one that helps it, enqueues the job; one that helps leaves its piece to run it.
    @Test func aJobThatALoopEnqueues() async throws {
      let pool = try ThreadPool(threadCount: 2)
      for _ in 0..<rounds(10, long: 200) {
        let (sleeper, ranBeforeEnd) = (Sleeper(), Flag())
        let task = await sleeper.begin(in: pool)
        await pool.run {
          (0..<100_000).parallel.forEach { index in
            if index == 100 { sleeper.resume() }
            if sleeper.hasRun.isSet { ranBeforeEnd.set() } else { spin(for: .microseconds(200)) }
          }
        }
        await task.value
        #expect(ranBeforeEnd.isSet)
      }
    }

    /// Jobs that wait in a queue do not keep workers from sleeping which must not take them: the search for a standstill needs that.
    @Test(arguments: ThreadPool.WaitPolicy.allCases)
    func jobsBesideCallsOnEachThread(_ policy: ThreadPool.WaitPolicy) async throws {
      let pool = try ThreadPool(.init(threadCount: 3, waitPolicy: policy))
      @Sendable func nest(_ depth: Int) {
        if depth == 0 { return }
        (0..<3).parallel.forEach { _ in _ = pool.onEachThread { if $0 == 0 { nest(depth - 1) } } }
      }
      await withAsyncTimeout {
        for round in 0..<rounds(50, long: 1000) {
          await withTaskGroup { group in
            for _ in 0..<3 { group.addTask { await Task(executorPreference: pool) { nest(1 + round % 2) }.value } }
          }
        }
      }
    }

    /// Calls and jobs from outside come between the tasks of an asynchronous scope.
    @Test(arguments: 0..<12)
    func whatComesFromOutsideBesideAScope(_ round: Int) async throws {
      let pool = try ThreadPool(threadCount: 1)
      // So that the worker's turns begin at each possible point.
      for _ in 0..<round { pool.spawn {} }
      let (ran, served, all) = (Counter(), Flag(), 20_000)
      let scope = Task {
        await withTaskExecutorPreference(pool) {
          await withParallelScope { scope async in
            // Twenty seconds, if nothing else is begun meanwhile.
            for _ in 0..<all {
              scope.spawn {
                if !served.isSet { spin(for: .milliseconds(1)) }
                ran.add()
              }
            }
          }
        }
      }
      while ran.value == 0 { await Task.yield() }
      let atRun = await pool.run { ran.value }
      let atJob = await Task(executorPreference: pool) { ran.value }.value
      served.set()
      await scope.value
      #expect(atRun < all)
      #expect(atJob < all)
    }

    @Test(arguments: [2, 3, 8])
    func aCallAndADetachedClosureDuringALongLoop(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let begun = Flag()
      let served = Flag()
      let finished = Flag()
      let loop = OutsideThread {
        // Half a minute, if no call is served meanwhile.
        (0..<(30_000 * threads)).parallel(in: pool).forEach { _ in
          begun.set()
          if !served.isSet { sleep(for: .milliseconds(1)) }
        }
        finished.set()
      }
      withTimeout {
        while !begun.isSet { sleep(for: .milliseconds(1)) }
        for _ in 0..<5 { pool.run {} }
        let detached = Flag()
        pool.spawn { detached.set() }
        while !detached.isSet, !finished.isSet { sleep(for: .milliseconds(1)) }
        #expect(!finished.isSet)
        served.set()
        loop.join()
      }
    }

    /// A thief that is to leave its piece has had a part of it stolen in its turn, by a worker that waits for it.
    @Test(arguments: [3, 4, 8])
    func callsWaitForAFewBatchesOfALongLoop(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        let loop = LongLoop(in: pool)
        for _ in 0..<10 {
          pool.run {}
          sleep(for: .milliseconds(3))
        }
        #expect(loop.isLong)
        loop.end()
      }
    }

    /// The worker that runs the loop's call comes to its share when that is over; the other one is no more than a thief.
    /// (Of two thieves, one that has had its share may go on with a piece of the other's, which then waits for it.)
    @Test func aCallOnEachThreadDuringALongLoop() throws {
      let pool = try ThreadPool(threadCount: 2)
      withTimeout {
        let (loop, shares) = (LongLoop(in: pool), Counter())
        let call = OutsideThread { _ = pool.onEachThread { _ in shares.add() } }
        while shares.value == 0, loop.isLong { sleep(for: .milliseconds(1)) }
        #expect(loop.isLong)
        loop.end()
        call.join()
      }
    }

    /// No worker waits for an asynchronous scope, so workers that only help others with a loop leave it.
    @Test(arguments: [2, 3, 8])
    func aTaskOfAnAsynchronousScopeDuringALongLoop(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let loop = LongLoop(in: pool)
      await withAsyncTimeout {
        for _ in 0..<5 {
          await withTaskExecutorPreference(pool) {
            await withParallelScope { scope async in scope.spawn {} }
          }
        }
      }
      #expect(loop.isLong)
      loop.end()
    }

    /// Each task of the first scope spawns the next one.
    @Test(arguments: [1, 2])
    func aScopeBesideAnother(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let (ran, hasBegun) = (Counter(), Flag())
      await withAsyncTimeout {
        await withTaskExecutorPreference(pool) {
          async let chain: Void = withParallelScope { scope async in
            @Sendable func step() {
              ran.add()
              if !hasBegun.isSet, ran.value < 5_000_000 { scope.spawn { step() } }
            }
            for _ in 0..<threads { scope.spawn { step() } }
          }
          while ran.value < 100 { await Task.yield() }
          await withParallelScope { scope async in scope.spawn { hasBegun.set() } }
          await chain
        }
      }
      #expect(ran.value < 5_000_000)
    }

    /// Trees of tasks, each gone through in depth though they take turns.
    @Test(arguments: [1, 2])
    func treesOfTwoScopesNeedLittleMemory(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let (waiting, ran) = (Gauge(), Counter())
      @Sendable func tree(_ depth: Int, _ scope: ParallelScope<Never>) {
        ran.add()
        if depth == 0 { return }
        for _ in 0..<2 {
          waiting.enter()
          scope.spawn {
            waiting.leave()
            tree(depth - 1, scope)
          }
        }
      }
      await withAsyncTimeout {
        await withTaskExecutorPreference(pool) {
          async let first: Void = withParallelScope { scope async in tree(16, scope) }
          await withParallelScope { scope async in tree(16, scope) }
          await first
        }
      }
      #expect(ran.value == 2 * ((1 << 17) - 1))
      #expect(waiting.peak < 300)
    }

    /// The child is in the queue of its parent's worker, which is busy; a third worker helps with a loop.
    @Test func aJobOfAWorkerThatGoesOn() async throws {
      let pool = try ThreadPool(threadCount: 3)
      let (loop, hasRun) = (LongLoop(in: pool), Flag())
      await withAsyncTimeout {
        await Task.detached(executorPreference: pool) {
          let child = Task.detached(executorPreference: pool) { hasRun.set() }
          while !hasRun.isSet, loop.isLong { sleep(for: .milliseconds(1)) }
          #expect(loop.isLong)
          return child
        }.value.value
      }
      loop.end()
    }

    /// The loop's caller holds a lock that the calls need: they must not run on top of a piece that it waits for.
    @Test(arguments: [1, 2, 3])
    func aCallThatNeedsALockOfTheLoopsCaller(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let number = Lock()
      withTimeout {
        let begun = Flag()
        let loop = OutsideThread {
          number.add {
            (0..<200).parallel(in: pool).forEach { _ in
              begun.set()
              sleep(for: .milliseconds(1))
            }
          }
        }
        while !begun.isSet { sleep(for: .milliseconds(1)) }
        OutsideThread.run(4) { _ in pool.run { number.add {} } }
        loop.join()
      }
      #expect(number.count == 5)
    }
  }

  /// A loop of twenty seconds for each thread of a pool, called from outside, which has begun.
  private final class LongLoop: Sendable {
    private let count: Int
    private let begun = Counter()
    private let isToEnd = Flag()
    private let caller = Mutex<OutsideThread?>(nil)

    init(in pool: ThreadPool) {
      count = 20_000 * pool.threadCount
      let thread = OutsideThread { [self] in
        (0..<count).parallel(in: pool).forEach { [self] _ in
          begun.add()
          if !isToEnd.isSet { sleep(for: .milliseconds(1)) }
        }
      }
      caller.withLock { $0 = thread }
      while begun.value < 100 { sleep(for: .milliseconds(1)) }
    }

    /// Whether half of it, or more, is still to come.
    var isLong: Bool { begun.value < count / 2 }

    /// Lets the rest pass quickly.
    func end() {
      isToEnd.set()
      caller.withLock { $0.take() }?.join()
    }
  }

  private final class Lock: Sendable {
    private let number = Mutex(0)

    func add(_ body: () -> Void) {
      number.withLock {
        body()
        $0 += 1
      }
    }

    var count: Int { number.withLock { $0 } }
  }
}
