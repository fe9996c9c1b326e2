import Skein
import Synchronization
import Testing

extension InTurn {
  /// `parallelStream` of plain sequences.
  @Suite struct ParallelStreamTests {
    static let threads = fewThreadCounts

    /// Numbers from zero, which say how far they have been pulled.
    struct Numbers: Sequence, Sendable {
      let count: Int
      let pulled = Counter()
      let iterators = Gauge()
      /// Before which it dawdles.
      var seed: UInt64?

      struct Iterator: IteratorProtocol {
        let numbers: Numbers
        let lease: Lease
        var position = 0

        mutating func next() -> Int? {
          if let seed = numbers.seed { dawdle(seed, position) }
          if position == numbers.count { return nil }
          defer { position += 1 }
          numbers.pulled.add()
          return position
        }
      }

      func makeIterator() -> Iterator { Iterator(numbers: self, lease: Lease(iterators)) }
    }

    @Test(arguments: threads, [1, 2, 3, 64, 1000])
    func resultsComeInOrder(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      for count in [0, 1, 2, limit, limit + 1, 300] {
        for dawdler in [seed, nil] {
          let numbers = Numbers(count: count, seed: dawdler)
          let taken = Counter()
          var results: [Int] = []
          for await result in numbers.parallelStream(
            maximumInFlight: limit, in: pool,
            {
              #expect(ThreadPool.current === pool)
              // The one that the consumer has just got may not be counted yet.
              #expect(numbers.pulled.value - taken.value <= limit + 1)
              return $0 * 2
            })
          {
            taken.add()
            results.append(result)
          }
          #expect(results == (0..<count).map { $0 * 2 })
          #expect(numbers.pulled.value == count)
          #expect(await eventuallyAsync { numbers.iterators.now == 0 })
        }
      }
    }

    /// A copy of an iterator that goes away takes the rest of its batch along, and no room.
    @Test(arguments: threads)
    func copiesThatGoAwayLeaveRoom(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withAsyncTimeout {
        var iterator = (0..<20_000).parallelStream(maximumInFlight: 64, in: pool, { $0 }).makeAsyncIterator()
        var last = -1
        while let number = await iterator.next() {
          #expect(number > last)
          last = number
          if number % 7 == 0 {
            var copy = iterator
            for _ in 0..<9 { _ = await copy.next() }
          }
        }
      }
      await pool.run {
        var iterator = (0..<20_000).parallelMapped(maximumInFlight: 64, { $0 }).makeIterator()
        var last = -1
        while let number = iterator.next() {
          if number > 10_000 || last < 0 { last = number }
          if number % 7 == 0 {
            var copy = iterator
            for _ in 0..<9 { _ = copy.next() }
          }
        }
        #expect(last > 10_000)
      }
    }

    @Test(arguments: threads, [1, 3, 64])
    func unorderedResultsAreAllThere(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      var results: [Int] = []
      let stream = Numbers(count: 500).parallelStream(ordered: false, maximumInFlight: limit, in: pool) {
        dawdle(seed, $0)
        return $0
      }
      for await result in stream { results.append(result) }
      #expect(results.sorted() == Array(0..<500))
    }

    @Test(arguments: threads, [1, 7, 100])
    func bytesAreBounded(_ threads: Int, _ budget: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let numbers = Numbers(count: 500)
      var expected = 0
      for await result in numbers.parallelStream(maximumInFlightBytes: budget, cost: { $0 % 7 }, in: pool, { $0 }) {
        #expect(result == expected)
        expected += 1
        let ahead = (expected..<Swift.max(expected, numbers.pulled.value)).reduce(0) { $0 + Swift.max(1, $1 % 7) }
        #expect(ahead <= budget - 1 + 6)
      }
      #expect(expected == 500)
    }

    @Test(arguments: threads)
    func nothingIsPulledWithoutRoom(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let numbers = Numbers(count: .max)
      let stream = numbers.parallelStream(maximumInFlight: 100, in: pool) { $0 }
      var iterator = stream.makeAsyncIterator()
      #expect(numbers.pulled.value == 0)
      for expected in 0..<50 { #expect(await iterator.next() == expected) }
      try await Task.sleep(for: .milliseconds(2))
      #expect(numbers.pulled.value <= 150)
      // A full window costs the pool nothing.
      #expect(await pool.run { (0..<100).parallel.sum() } == 4950)
    }

    /// Nothing more comes, not even the rest of a batch.
    @Test(arguments: threads)
    func aCancelledConsumerGetsNothingMore(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      // Where a batch begins and ends is a matter of chance; at one of these places there is something left of one.
      for position in 10_000..<10_020 {
        let task = Task {
          var last = -1
          for await number in (0..<20_000).parallelStream(maximumInFlight: 1000, in: pool, { $0 }) {
            last = number
            if number == position { unsafe withUnsafeCurrentTask { unsafe $0?.cancel() } }
          }
          return last
        }
        #expect(await task.value == position)
      }
    }

    @Test(arguments: threads, [1, 8, 200])
    func anErrorComesAfterAllEarlierResults(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for position in [0, 1, 2, 9, 31, 299] {
        let lives = Lives()
        let numbers = Numbers(count: 300)
        var results: [Int] = []
        let stream = numbers.parallelStream(maximumInFlight: limit, in: pool) {
          (number) throws(TestError) -> LifeTracked in
          if number >= position { throw TestError(number) }
          return LifeTracked(number, lives)
        }
        var iterator = stream.makeAsyncIterator()
        do throws(TestError) {
          while let result = try await iterator.next() { results.append(result.value) }
          Issue.record("no error came")
        } catch {
          #expect(error == TestError(position))
        }
        #expect(results == Array(0..<position))
        #expect(try await iterator.next() == nil)
        #expect(await eventuallyAsync { lives.alive == 0 && numbers.iterators.now == 0 })
      }
    }

    @Test(arguments: threads)
    func droppingTheIteratorEndsTheStream(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for taken in [0, 1, 2, 17, 1000] {
        let lives = Lives()
        let numbers = Numbers(count: .max)
        do {
          let stream = numbers.parallelStream(maximumInFlight: 200, in: pool) { LifeTracked($0, lives) }
          var iterator = stream.makeAsyncIterator()
          for expected in 0..<taken { #expect(await iterator.next()?.value == expected) }
          #expect(lives.alive <= 200)
        }
        #expect(await eventuallyAsync { lives.alive == 0 && numbers.iterators.now == 0 })
      }
    }

    @Test(arguments: threads)
    func cancellationAtEveryMoment(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for moment in 0..<rounds(30, long: 500) {
        let lives = Lives()
        let numbers = Numbers(count: .max)
        let seen = Counter()
        let task = Task { () -> Bool in
          do {
            let stream = numbers.parallelStream(maximumInFlight: moment + 1, in: pool) { number throws -> LifeTracked in
              LifeTracked(number, lives)
            }
            for try await _ in stream { seen.add() }
            return false
          } catch { return error is CancellationError }
        }
        if moment % 3 == 0 { while seen.value < moment { await Task.yield() } }
        spin(for: .microseconds(moment))
        task.cancel()
        #expect(await task.value)
        #expect(await eventuallyAsync { lives.alive == 0 && numbers.iterators.now == 0 })
      }
    }

    @TaskLocal static var name = "none"

    @Test func closuresSeeTheTaskLocalValuesOfTheConsumer() async throws {
      let pool = try ThreadPool(threadCount: 2)
      await Self.$name.withValue("consumer") {
        for await name in (0..<50).parallelStream(maximumInFlight: 4, in: pool, { _ in Self.name }) {
          #expect(name == "consumer")
        }
      }
    }
  }

  /// `results` of parallel sequences.
  @Suite struct ResultsTests {
    static let threads = fewThreadCounts

    private func collect<Element, Failure>(
      _ stream: ParallelStream<Element, Failure>
    ) async throws(Failure) -> [Element] {
      var elements: [Element] = []
      var iterator = stream.makeAsyncIterator()
      while let element = try await iterator.next() { elements.append(element) }
      return elements
    }

    /// Sources and adaptors of all kinds: what a loop gives, a stream gives.
    @Test(arguments: threads, [1, 2, 17, 1000])
    func elementsAreThoseOfALoop(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let array = Array(0..<200)
      let set = Set(array)
      let base = array.parallel(in: pool)
      #expect(await collect(base.results(maximumInFlight: limit)) == array)
      #expect(await collect(base.map { $0 * limit }.results(maximumInFlight: limit)) == array.map { $0 * limit })
      #expect(
        await collect(base.filter { $0 % limit == 0 }.results(maximumInFlight: limit))
          == array.filter { $0 % limit == 0 })
      #expect(
        await collect(base.flatMap { 0..<($0 % 4) }.results(maximumInFlight: limit)) == array.flatMap { 0..<($0 % 4) })
      #expect(
        await collect(zip(base, base.reversed()).map { $0 - $1 }.results(maximumInFlight: limit))
          == array.map { 2 * $0 - 199 })
      #expect(await collect(set.parallel(in: pool).results(maximumInFlight: limit)) == Array(set))
      #expect(await collect((0..<200).parallel(in: pool).results(maximumInFlight: limit)) == array)
      #expect(
        await collect(base.results(ordered: false, maximumInFlight: limit)).sorted() == array)
      #expect(await collect(base.unordered.prefix(10).results(maximumInFlight: limit)).count == 10)
      // The parts of a traversal are many, whatever it comes to.
      if limit < 17 { return }
      let tree = parallelTraversal(from: 1, in: pool) { $0 < 64 ? [2 * $0, 2 * $0 + 1] : [] }
      #expect(await collect(tree.results(maximumInFlight: limit)) == Array(tree))
    }

    /// A sequence whose length nobody knows is pulled in blocks of the limit.
    @Test(arguments: threads, [1, 2, 17, 1000])
    func plainSequences(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [0, 1, 2, 16, 17, 18, 200] {
        let numbers = ParallelStreamTests.Numbers(count: count)
        let stream = numbers.parallel(in: pool).filter { $0 % 3 != 0 }.results(maximumInFlight: limit)
        #expect(await collect(stream) == (0..<count).filter { $0 % 3 != 0 })
      }
      let numbers = ParallelStreamTests.Numbers(count: .max)
      var iterator = numbers.parallel(in: pool).results(maximumInFlight: limit).makeAsyncIterator()
      for expected in 0..<10 { #expect(await iterator.next() == expected) }
      #expect(numbers.pulled.value <= 10 + limit)
      let given = sequence(first: 1) { $0 < 1 << 20 ? 2 * $0 : nil }
      #expect(await collect(ParallelConsumed(given, in: pool).results(maximumInFlight: limit)).count == 21)
    }

    @Test(arguments: threads)
    func errorsComeInOrder(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for position in [0, 1, 50, 199] {
        let lives = Lives()
        let stream = (0..<200).parallel(in: pool).map { number throws(TestError) -> LifeTracked in
          if number >= position { throw TestError(number) }
          return LifeTracked(number, lives)
        }.results(maximumInFlight: 64)
        var iterator = stream.makeAsyncIterator()
        var count = 0
        do throws(TestError) {
          while let result = try await iterator.next() {
            #expect(result.value == count)
            count += 1
          }
          Issue.record("no error came")
        } catch {
          #expect(error == TestError(position))
        }
        #expect(count == position)
        #expect(await eventuallyAsync { lives.alive == 0 })
      }
    }

    @Test(arguments: threads, [1, 10, 100])
    func noMoreAreAliveThanStated(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let lives = Lives()
      for await result in (0..<1000).parallel(in: pool).map({ LifeTracked($0, lives) }).results(maximumInFlight: limit)
      {
        // And the one in hand.
        #expect(lives.alive <= limit + 1)
        _ = result
      }
      #expect(lives.alive == 0)
      #expect(lives.bornCount == 1000)
    }

    /// Elements that cost the same: never more than the limit and one position, which is begun while there is room; and the
    /// one in hand.
    @Test(arguments: threads, [1, 10, 100, 1000])
    func bytesAreBounded(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for cost in [1, 10, 100] {
        for isOrdered in [true, false] {
          let lives = Lives()
          var values: [Int] = []
          let made = (0..<500).parallel(in: pool).map { LifeTracked($0, lives) }
          for await result in made.results(ordered: isOrdered, maximumInFlightBytes: limit, cost: { _ in cost }) {
            // At the start a position counts as much as a quarter of a thread's share of the limit.
            #expect(lives.alive * cost <= Swift.max(limit, 4 * threads * cost) + 2 * cost)
            values.append(result.value)
          }
          #expect(values.sorted() == Array(0..<500))
          if isOrdered { #expect(values == Array(0..<500)) }
          #expect(lives.alive == 0)
        }
      }
    }

    /// Whatever elements cost, and however many there are of each position, all come, in order.
    @Test(arguments: threads)
    func costsOfAllKinds(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let costs: [@Sendable (Int) -> Int] = [
        { _ in 0 }, { _ in .max }, { $0 % 100 == 99 ? 1 << 40 : 1 }, { $0 }, { 1000 - $0 },
      ]
      for limit in [1, 1000, Int.max] {
        for cost in costs {
          let base = (0..<1000).parallel(in: pool)
          #expect(await collect(base.results(maximumInFlightBytes: limit, cost: cost)) == Array(0..<1000))
          #expect(
            await collect(base.filter { $0 % 7 == 0 }.results(maximumInFlightBytes: limit, cost: cost))
              == (0..<1000).filter { $0 % 7 == 0 })
          #expect(
            await collect(base.flatMap { 0..<($0 % 4) }.results(maximumInFlightBytes: limit, cost: cost))
              == (0..<1000).flatMap { 0..<($0 % 4) })
          let plain = ParallelStreamTests.Numbers(count: 300).parallel(in: pool)
          #expect(await collect(plain.results(maximumInFlightBytes: limit, cost: cost)) == Array(0..<300))
        }
      }
    }

    /// A stream reports what it has made, and in the end all; of a sequence of unknown length, how much it is.
    @Test(arguments: threads)
    func aStreamReports(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for isKnown in [true, false] {
        let reports = Reports()
        var count = 0
        if isKnown {
          let stream = (0..<1000).parallel(in: pool).reporting(every: .zero, to: reports.note).filter { $0 % 2 == 0 }
          for await _ in stream.results(maximumInFlight: 8) { count += 1 }
        } else {
          let stream = ParallelStreamTests.Numbers(count: 1000).parallel(in: pool).reporting(
            every: .zero, to: reports.note
          ).filter {
            $0 % 2 == 0
          }
          for await _ in stream.results(maximumInFlight: 8) { count += 1 }
        }
        #expect(count == 500)
        let completed = reports.all.map(\.completed)
        #expect(completed.count > 1)
        #expect(completed == completed.sorted())
        #expect(completed.last == 1000)
        #expect(reports.all.allSatisfy { $0.total == 1000 || !isKnown && $0.total == nil })
      }
    }

    private final class Reports: Sendable {
      private let reports = Mutex<[LoopProgress]>([])
      var all: [LoopProgress] { reports.withLock { $0 } }
      func note(_ progress: LoopProgress) { reports.withLock { $0.append(progress) } }
    }

    /// Gives some elements at once, and then waits until their results have been received.
    private struct Bursts: Sequence, Sendable {
      let received: Counter
      let count: Int

      struct Iterator: IteratorProtocol {
        let bursts: Bursts
        var position = 0

        mutating func next() -> Int? {
          if position == bursts.count { return nil }
          if position % 999 == 0 { while bursts.received.value < position { yieldThread() } }
          defer { position += 1 }
          return position
        }
      }

      func makeIterator() -> Iterator { Iterator(bursts: self) }
    }

    @Test(arguments: threads, [1, 10, 1000])
    func elementsAreNotKeptFromASourceThatWaitsForThem(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      await withAsyncTimeout {
        let bursts = Bursts(received: Counter(), count: 20_000)
        for await number in bursts.parallelStream(maximumInFlight: limit, in: pool, { $0 * 2 }) {
          #expect(number == 2 * bursts.received.value)
          bursts.received.add()
        }
        #expect(bursts.received.value == bursts.count)
      }
    }

    @Test func theSourceLivesNoLongerThanTheStream() async throws {
      let lives = Lives()
      do {
        let source = (0..<100).map { LifeTracked($0, lives) }
        var iterator = source.parallel.map { $0.value }.results(maximumInFlight: 5).makeAsyncIterator()
        #expect(await iterator.next() == 0)
      }
      #expect(await eventuallyAsync { lives.alive == 0 })
    }
  }
}
