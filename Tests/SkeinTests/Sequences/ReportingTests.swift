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

    /// The batch in which a loop ends early is not counted, so there is no report of the whole.
    @Test(arguments: [1, 2, 8])
    func aLoopThatEndsEarlyIsNeverWhole(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [1, 10, 5000] {
        for position in [0, count / 2, count - 1] {
          let reports = Reports()
          let numbers = (0..<count).parallel(in: pool).reporting(every: .zero) { reports.note($0) }
          #expect(throws: TestError(position)) {
            try numbers.forEach { (number) throws(TestError) in if number == position { throw TestError(number) } }
          }
          #expect(numbers.first { $0 == position } == position)
          #expect(numbers.contains { $0 == position })
          #expect(reports.all.allSatisfy { $0.completed < count })
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
    func changesInPlaceReport(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [0, 1, 100, 2000] {
        for interval in [Duration.zero, .seconds(100)] {
          /// - Parameter total: The number of positions: elements or chunks.
          func check(_ total: Int, _ change: (inout [Int], @escaping @Sendable (LoopProgress) -> Void) -> Void) {
            let reports = Reports()
            var numbers = Array(0..<count)
            change(&numbers) { reports.note($0) }
            #expect(numbers == (0..<count).map { $0 + 1 })
            expect(reports, total: total, completed: total)
          }
          check(count) { numbers, report in
            numbers.parallel(in: pool).reporting(every: interval, to: report).modifyEach { $0 += 1 }
          }
          check(count) { numbers, report in
            numbers.parallel.reporting(every: interval, to: report).modifyEach { $0 += 1 }
          }
          check(count) { numbers, report in
            numbers.parallel(in: pool).reporting(every: interval, to: report).modifyEachSpan { span, _ in
              for index in span.indices { span[index] += 1 }
            }
          }
          check((count + 6) / 7) { numbers, report in
            numbers.parallel(in: pool).reporting(every: interval, to: report).modifyEach(chunksOf: 7) { _, chunk in
              for index in chunk.indices { chunk[index] += 1 }
            }
          }
          check(count) { numbers, report in
            numbers.parallel(in: pool).reporting(every: interval, to: report).modifyEach(withScratch: { 1 }) {
              $1 += $0
            }
          }
          check((count + 6) / 7) { numbers, report in
            numbers.parallel(in: pool).reporting(every: interval, to: report).modifyEach(
              chunksOf: 7, withScratch: { 1 }
            ) { one, _, chunk in
              for index in chunk.indices { chunk[index] += one }
            }
          }
        }
      }
    }

    /// Loops over spans, with whatever says how they run.
    @Test(arguments: [1, 2, 8])
    func loopsOverSpansReport(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let numbers = Array(0..<10_000)
      let reports = Reports()
      let sum = Atomic(0)
      let reporting = numbers.parallel(in: pool).reporting(every: .zero) { reports.note($0) }
      reporting.forEachSpan { span, _ in
        for index in span.indices { sum.add(span[index], ordering: .relaxed) }
      }
      #expect(sum.load(ordering: .relaxed) == 49_995_000)
      expect(reports, total: 10_000, completed: 10_000)
      let total = numbers.parallel(in: pool).batched(maximum: 10).inBlocks(ofCount: 1000).reduceSpans(into: 0) {
        sum, span, _ in
        for index in span.indices { sum += span[index] }
      } combine: {
        $0 += $1
      }
      #expect(total == 49_995_000)
    }

    @Test(arguments: [1, 2, 8])
    func aSequenceWithoutAKnownLength(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [0, 1, 2, 4, 100, 1000, 1024, 5000] {
        let numbers = ParallelStreamTests.Numbers(count: count)
        for interval in [Duration.zero, .seconds(100)] {
          let reports = Reports()
          let parallel = numbers.parallel(in: pool).reporting(every: interval) { reports.note($0) }
          func check(_ run: () -> Int) {
            let before = reports.all.count
            #expect(run() == count)
            let all = reports.all.dropFirst(before)
            let counts = all.map(\.completed)
            #expect(counts == counts.sorted())
            #expect(all.last?.completed == count)
            #expect(all.last?.total == count)
            #expect(all.allSatisfy { $0.total == nil || $0.total == count })
            if interval != .zero { #expect(all.count == 1) }
          }
          check { parallel.map { _ in 1 }.sum() }
          check { parallel.count { _ in true } }
          check { Array(parallel).count }
          check { parallel.map { _ in 1 }.reduce(0) { $0 + $1 } }
        }
      }
    }

    @Test(arguments: [1, 2, 8])
    func aLoopWithoutElements(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let reports = Reports()
      let none = (0..<0).parallel(in: pool).reporting { reports.note($0) }
      none.forEach { _ in }
      #expect(none.sum() == 0)
      #expect(Array(none.map { $0 }) == [])
      #expect(none.max() == nil)
      #expect(reports.all.map(\.completed) == [0, 0, 0, 0])
      #expect(reports.all.map(\.total) == [0, 0, 0, 0])
      #expect(reports.all[0].fractionCompleted == 1)
    }

    @Test func aStreamWithoutAKnownLength() async {
      for count in [0, 1, 100, 1000] {
        let reports = Reports()
        let numbers = ParallelStreamTests.Numbers(count: count)
        var received = 0
        for await _ in numbers.parallel.reporting(every: .seconds(100), to: { reports.note($0) }).results(
          maximumInFlight: 16)
        {
          received += 1
        }
        #expect(received == count)
        #expect(reports.all.map(\.completed) == [count])
        #expect(reports.all.map(\.total) == [count])
      }
    }
  }
}
