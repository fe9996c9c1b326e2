import Skein
import Synchronization
import Testing

extension InTurn {
  /// Loops that report how far they have come.
  @Suite struct ReportingTests {
    typealias Numbers = ParallelPlanned<ParallelIntegers<Range<Int>>>

    /// What has been reported, in order.
    final class Reports: Sendable {
      private let reports = Mutex<[LoopProgress]>([])
      func note(_ progress: LoopProgress) { reports.withLock { $0.append(progress) } }
      var all: [LoopProgress] { reports.withLock { $0 } }
    }

    private func expect(_ reports: Reports, total: Int?, completed: Int) {
      let all = reports.all
      let counts = all.map(\.completed)
      #expect(all.allSatisfy { $0.total == total })
      #expect(counts == counts.sorted())
      #expect((counts.last ?? 0) <= completed)
      if total != nil { #expect(counts.last == completed) }
    }

    /// Runs something over numbers that report.
    private func check(
      _ pool: ThreadPool, _ count: Int, _ interval: Duration, _ run: (Numbers) -> Int,
      gives expected: Int
    ) {
      let reports = Reports()
      let numbers = (0..<count).parallel(in: pool).reporting(every: interval) { reports.note($0) }
      let result = run(numbers)
      #expect(result == expected)
      expect(reports, total: count, completed: count)
      if interval == .seconds(100) { #expect(reports.all.count == 1) }
    }

    @Test(arguments: [1, 2, 8])
    func theLastReportIsTheWhole(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [1, 2, 100, 2000] {
        let sum = count * (count - 1) / 2
        for interval in [Duration.zero, .milliseconds(1), .seconds(100)] {
          check(pool, count, interval, { numbers in Array(numbers.map { $0 }).count }, gives: count)
          check(pool, count, interval, { numbers in numbers.map { $0 }.sum() }, gives: sum)
          check(pool, count, interval, { numbers in numbers.reduce(0) { $0 + $1 } }, gives: sum)
          check(
            pool, count, interval, { numbers in Array(numbers.filter { $0 % 2 == 0 }).count }, gives: (count + 1) / 2)
        }
      }
    }

    @Test(arguments: [1, 2, 8])
    func reportsComeWhileTheLoopRuns(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let reports = Reports()
      // Each element waits for a report of one before it: a loop that reports at its end only would hang.
      withTimeout {
        (0..<100).parallel(in: pool, maximumBatch: 1).reporting(every: .zero) { reports.note($0) }.forEach { number in
          if number == 99 { while reports.all.isEmpty { yieldThread() } }
        }
      }
      #expect(reports.all.last?.completed == 100)
      #expect(reports.all.last?.total == 100)
    }

    /// A report may make parallel calls. While it waits, its thread may come to report other batches of the same loop, unless the policy forbids.
    @Test(arguments: [2, 8], ThreadPool.WaitPolicy.allCases)
    func reportsThatMakeParallelCalls(_ threads: Int, _ policy: ThreadPool.WaitPolicy) throws {
      let pool = try ThreadPool(.init(threadCount: threads, waitPolicy: policy))
      withTimeout {
        for _ in 0..<rounds(30, long: 500) {
          let reports = Reports()
          let numbers = (0..<64).parallel(in: pool, maximumBatch: 1).reporting(every: .zero) {
            (0..<8).parallel(maximumBatch: 1).forEach { _ in spin(for: .microseconds(10)) }
            reports.note($0)
          }
          numbers.forEach { _ in spin(for: .microseconds(5)) }
          expect(reports, total: 64, completed: 64)
        }
      }
    }

    /// Nobody waits for a report on a lock: one that needs all threads gets them.
    @Test(arguments: [2, 8])
    func reportsThatNeedEachThread(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        for _ in 0..<rounds(30, long: 500) {
          let reports = Reports()
          let numbers = (0..<64).parallel(in: pool, maximumBatch: 1).reporting(every: .zero) {
            pool.onEachThread { _ in }
            reports.note($0)
          }
          numbers.forEach { _ in spin(for: .microseconds(5)) }
          expect(reports, total: 64, completed: 64)
        }
      }
    }

    /// Each loop over a sequence counts from nothing.
    @Test func aSequenceThatIsRunTwice() {
      let reports = Reports()
      let sequence = (0..<1000).parallel.reporting(every: .seconds(100)) { reports.note($0) }
      sequence.forEach { _ in }
      sequence.forEach { _ in }
      #expect(reports.all.map(\.completed) == [1000, 1000])
      #expect(reports.all[0].fractionCompleted == 1)
    }

    @Test(arguments: [1, 2, 8])
    func aSequenceWithoutAKnownLength(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let reports = Reports()
      let numbers = ParallelStreamTests.Numbers(count: 1000)
      numbers.parallel(in: pool).reporting(every: .zero) { reports.note($0) }.forEach { _ in }
      expect(reports, total: nil, completed: 1000)
      #expect(!reports.all.isEmpty)
    }
  }
}
