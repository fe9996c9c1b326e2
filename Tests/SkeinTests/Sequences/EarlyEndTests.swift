import Skein
import Testing

/// A plain sequence of few elements.
private struct Few: Sequence, Sendable {
  func makeIterator() -> IndexingIterator<Range<Int>> { (1..<11).makeIterator() }
}

extension InTurn {
  /// L3: a loop ends when its answer is known, however much is left.
  @Suite struct EarlyEndTests {
    @Test(arguments: threadCounts) func anUnorderedPrefixOfWhatHasNoEnd(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        #expect(Array((0...).parallel(in: pool).unordered.prefix(10)).count == 10)
        #expect(Array((0..<Int.max).parallel(in: pool).unordered.prefix(10)).count == 10)
        #expect((0..<Int.max).parallel(in: pool).map { $0 & 1 }.unordered.prefix(1000).map { $0 + 1 }.count() == 1000)
        #expect((0..<Int.max).parallel(in: pool).unordered.prefix(1000).isSorted())
        #expect((0..<Int.max).parallel(in: pool).unordered.prefix(10).flatMap { [$0, $0] }.count() == 20)
        let few = Array((0...).parallel(in: pool).unordered.prefix { $0 < 10 })
        #expect(few.allSatisfy { $0 < 10 } && Set(few).count == few.count)
      }
    }

    @Test(arguments: threadCounts) func anUnorderedPrefixInBatchesAndStreams(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      func check<Source: ParallelSequence>(
        _ numbers: Source
      ) async where Source.Element == Int, Source.Failure == Never {
        #expect(numbers.inEachBatch { $0.map { _ in 1 }.sum() } == 10)
        #expect(numbers.inEachBatch { $0.map { _ in 1.0 }.sum() } == 10)
        for isOrdered in [true, false] {
          var count = 0
          for await _ in numbers.results(ordered: isOrdered, maximumInFlight: 8) { count += 1 }
          #expect(count == 10)
        }
      }
      await check((0...).parallel(in: pool).unordered.prefix(10))
      await check((0..<Int.max).parallel(in: pool).unordered.prefix(10))
    }

    @Test(arguments: threadCounts) func anUnorderedPrefixInAChain(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        let endless = (0...).parallel(in: pool).unordered.prefix(10)
        let counted = (0..<Int.max / 2).parallel(in: pool).unordered.prefix(10)
        #expect(Array(chain(endless, [1, 2, 3].parallel)).suffix(3) == [1, 2, 3])
        #expect(Array(chain([1, 2, 3].parallel(in: pool), endless)).prefix(3) == [1, 2, 3])
        #expect(chain(endless, endless).map { $0 & 1 }.count() == 20)
        #expect(chain(chain(endless, [1, 2, 3].parallel), endless).count() == 23)
        #expect(chain(counted, Few().parallel).count() == 20)
        #expect(
          chain(Few().parallel(in: pool), endless).reduce(into: 0) { count, _ in
            count += 1
          } combine: {
            $0 += $1
          } == 20)
      }
    }

    @Test(arguments: threadCounts) func anInnerSequenceWithoutEnd(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let numbers = (0..<100).parallel(in: pool)
      withTimeout {
        for _ in 0..<rounds(20, long: 1000) {
          #expect(numbers.flatMap { i in sequence(first: i) { $0 + 100 } }.contains { $0 == 10_000 })
          #expect(numbers.flatMap { i in sequence(first: i) { $0 + 100 } }.first { $0 > 1000 } == 1100)
          #expect(throws: TestError(1)) {
            try numbers.flatMap { i in sequence(first: i) { $0 + 100 } }.forEach { (number) throws(TestError) in
              if number > 1000 { throw TestError(1) }
            }
          }
        }
        #expect(
          parallelTraversal(from: 0, in: pool) { [$0 &* 2 &+ 1, $0 &* 2 &+ 2] }.contains { $0 > 1_000_000 })
      }
    }

    @Test(arguments: threadCounts) func aMinimumBatchAboveWhatThereIs(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for least in [1000, 1 << 33, .max] {
        #expect(Few().parallel(in: pool, minimumBatch: least).map { Double($0) }.sum() == 55)
        #expect(Array(Few().parallel(in: pool, minimumBatch: least)) == Array(1..<11))
        #expect((0..<100_000).parallel(in: pool, minimumBatch: least, maximumBatch: 100).sum() == 4_999_950_000)
      }
    }

    @Test func whatCannotBeCountedIsNotCounted() async throws {
      let all = (0...UInt64.max).parallel
      #expect(Array(zip(all, [1, 2, 3].parallel).map { $0 + UInt64($1) }) == [1, 3, 5])
      #expect(zip(all, all).prefix(3).count == 3)
      await #expect(processExitsWith: .failure) { _ = (0...UInt64.max).parallel.striding(by: 1 << 60) }
      await #expect(processExitsWith: .failure) {
        _ = zip((0...UInt64.max).parallel, (0...UInt64.max).parallel).count
      }
      await #expect(processExitsWith: .failure) { _ = (0...UInt64.max).parallel.interspersed(with: 0) }
    }
  }
}
