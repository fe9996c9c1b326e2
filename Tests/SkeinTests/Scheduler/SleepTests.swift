import Testing

@testable import Skein

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension InTurn {
  @Suite struct SleepTests {
    /// Processor time of the calling thread.
    private static func threadTime() -> Duration {
      var time = timespec()
      unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
      return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }

    /// Processor time of a pool's threads during `body`. While that is not below the bound it is measured again, a few times: the system may count
    /// what it has kept them from.
    private static func used(by pool: ThreadPool, below bound: Duration, _ body: () -> Void) -> Duration {
      func time() -> Duration { pool.onEachThread { _ in threadTime() }.reduce(.zero, +) }
      var used = bound
      for _ in 0..<5 where used >= bound {
        _ = (0..<10_000).parallel(in: pool).sum()
        let before = time()
        body()
        used = time() - before
      }
      return used
    }

    @Test(arguments: ThreadPool.WaitPolicy.allCases)
    func anIdlePoolUsesNoProcessor(_ policy: ThreadPool.WaitPolicy) throws {
      let pool = try ThreadPool(ThreadPool.Configuration(threadCount: 8, waitPolicy: policy))
      let bound: Duration = .milliseconds(isSanitized ? 100 : 20)
      let used = Self.used(by: pool, below: bound) { sleep(for: .seconds(2)) }
      #expect(used < bound)
    }

    /// Workers that wait for one long task sleep too.
    @Test func waitingWorkersUseNoProcessor() throws {
      let pool = try ThreadPool(threadCount: 8)
      let bound: Duration = .milliseconds(isSanitized ? 200 : 50)
      let used = Self.used(by: pool, below: bound) {
        withTimeout {
          (0..<8).parallel(in: pool).forEach { index in if index == 5 { sleep(for: .seconds(1)) } }
        }
      }
      #expect(used < bound)
    }

    @Test(arguments: fewThreadCounts)
    func noWakeUpIsLost(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let other = try ThreadPool(threadCount: 1)
      let seed = newSeed()
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<rounds(2000, long: 50_000) {
        let delays = (0..<3).map { _ in Int.random(in: 0..<60, using: &generator) }
        withTimeout {
          spin(for: .microseconds(delays[0]))
          pool.run {
            spin(for: .microseconds(delays[1]))
            _ = join {
              spin(for: .microseconds(delays[2]))
            } and: {
              other.run { spin(for: .microseconds(delays[0] / 4)) }
            }
          }
          let heard = Flag()
          pool.spawn { heard.set() }
          while !heard.isSet { sched_yield() }
        }
      }
    }

    @Test func manyOutsideThreadsAtOnce() throws {
      let pool = try ThreadPool(threadCount: 2)
      let sum = Counter()
      withTimeout {
        OutsideThread.run(8) { thread in
          for index in 0..<rounds(300, long: 5000) {
            sum.add(pool.run { 1 })
            if index % 50 == 0 { sum.add((0..<100).parallel(in: pool).map { _ in 1 }.sum() - 100) }
          }
        }
      }
      #expect(sum.value == 8 * rounds(300, long: 5000))
    }

    @Test(arguments: [2, 8])
    func everyForkRunsOnce(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      @Sendable func count(_ range: Range<Int>, _ marks: Marks) {
        if range.count == 1 { return marks.mark(range.lowerBound) }
        let middle = range.lowerBound + range.count / 2
        _ = join {
          count(range.lowerBound..<middle, marks)
        } and: {
          count(middle..<range.upperBound, marks)
        }
      }
      for _ in 0..<rounds(50, long: 1000) {
        let marks = Marks(1000)
        withTimeout { pool.run { count(0..<1000, marks) } }
        #expect(marks.everyOnce)
      }
    }
  }
}
