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

    @Test(arguments: ThreadPool.WaitPolicy.allCases)
    func anIdlePoolUsesNoProcessor(_ policy: ThreadPool.WaitPolicy) throws {
      let pool = try ThreadPool(ThreadPool.Configuration(threadCount: 8, waitPolicy: policy))
      _ = (0..<10_000).parallel(in: pool).sum()
      func used() -> Duration { pool.onEachThread { _ in Self.threadTime() }.reduce(.zero, +) }
      let before = used()
      let seconds = policy == .ownWork ? 2 : 1
      sleep(for: .seconds(seconds))
      let share = (used() - before) / .seconds(seconds)
      #expect(share < (isSanitized ? 0.05 : 0.01), "\(share) of a processor")
    }

    /// Workers that wait for one long task sleep too.
    @Test func waitingWorkersUseNoProcessor() throws {
      let pool = try ThreadPool(threadCount: 8)
      let before = pool.onEachThread { _ in Self.threadTime() }.reduce(.zero, +)
      withTimeout {
        (0..<8).parallel(in: pool).forEach { index in if index == 5 { sleep(for: .seconds(1)) } }
      }
      let used = pool.onEachThread { _ in Self.threadTime() }.reduce(.zero, +) - before
      #expect(used < .milliseconds(isSanitized ? 200 : 50), "\(used)")
    }

    @Test(arguments: fewThreadCounts)
    func noWakeUpIsLost(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let other = try ThreadPool(threadCount: 1)
      let seed = newSeed()
      var generator = SeededGenerator(seed: seed)
      for _ in 0..<rounds(2000, long: 50_000) {
        let delays = (0..<3).map { _ in Int.random(in: 0..<60, using: &generator) }
        withTimeout(.seconds(20)) {
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
