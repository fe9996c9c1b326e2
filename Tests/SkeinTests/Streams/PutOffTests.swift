import Skein
import Testing

extension InTurn {
  /// What a stream puts off, in order to wake nobody for single short elements, nobody has to wait for.
  @Suite struct PutOffTests {
    static let threads = fewThreadCounts

    /// A result reaches the consumer though the closure of the next element does not end before that.
    @Test(arguments: threads, [2, 3, 64])
    func aResultIsNotHeldBackByTheNextElement(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for isOrdered in [true, false] {
        for position in [1, 2, 50, 130] {
          let taken = Counter()
          @Sendable func wait(_ number: Int) -> Int {
            // All that come before it, or as many as there can be: others may be held by threads that wait here, too.
            if number == position { while taken.value < position { yieldThread() } }
            return number
          }
          for await _ in TestSource<Never>(count: 200).parallelMap(
            ordered: isOrdered, maximumInFlight: limit, in: pool, wait)
          {
            taken.add()
          }
          #expect(taken.value == 200)
          for await _ in (0..<200).parallelStream(ordered: isOrdered, maximumInFlight: limit, in: pool, wait) {
            taken.add()
          }
          #expect(taken.value == 400)
        }
      }
    }

    /// An element is begun though the worker that was to do it does not come back from the one before it.
    @Test(arguments: [2, 8], [2, 3, 64])
    func anElementIsNotHeldBackByTheOneBeforeIt(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for position in [0, 1, 50, 130] {
        let begun = Flag()
        @Sendable func wait(_ number: Int) -> Int {
          if number == position { while !begun.isSet { yieldThread() } }
          if number == position + 1 { begun.set() }
          return number
        }
        var expected = 0
        for await number in TestSource<Never>(count: 200).parallelMap(maximumInFlight: limit, in: pool, wait) {
          #expect(number == expected)
          expected += 1
        }
        #expect(expected == 200)
      }
    }

    /// The source is pulled, if there is room, though nothing else happens in the stream.
    @Test(arguments: threads)
    func theSourceIsNotHeldBackByTheClosures(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let source = TestSource<Never>(count: 40)
      var expected = 0
      for await number in source.parallelMap(
        maximumInFlight: 8, in: pool,
        { number in
          // Until then one place is free, and the feeder asleep, as a rule.
          if number == 7 { while source.pulled.value < 9 { yieldThread() } }
          return number
        })
      {
        #expect(number == expected)
        expected += 1
      }
      #expect(expected == 40)
    }

    /// Copies of an iterator hand on each element once.
    @Test(arguments: threads, [true, false])
    func copiesShareTheElements(_ threads: Int, _ isOrdered: Bool) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let lives = Lives()
      do {
        let stream = (0..<200).parallelStream(ordered: isOrdered, maximumInFlight: 50, in: pool) {
          LifeTracked($0, lives)
        }
        var first = stream.makeAsyncIterator()
        var second = first
        var numbers: [Int] = []
        while let one = await first.next() {
          numbers.append(one.value)
          if let other = await second.next() { numbers.append(other.value) }
        }
        #expect(isOrdered ? numbers == Array(0..<200) : numbers.sorted() == Array(0..<200))
      }
      do {
        var first = (0..<200).parallel(in: pool).map { LifeTracked($0, lives) }.results(maximumInFlight: 50)
          .makeAsyncIterator()
        var second = first
        var numbers: [Int] = []
        while let one = await first.next() {
          numbers.append(one.value)
          if let other = await second.next() { numbers.append(other.value) }
        }
        #expect(numbers == Array(0..<200))
      }
      #expect(await eventuallyAsync { lives.alive == 0 })
    }

    /// Errors in the middle of what one worker has claimed: nothing is lost, and nothing comes twice.
    @Test(arguments: threads, [true, false])
    func errorsAmongManyShortElements(_ threads: Int, _ isOrdered: Bool) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for position in [0, 1, 63, 64, 65, 500, 999] {
        let lives = Lives()
        do {
          let source = TestSource<Never>(count: 1000)
          var iterator = source.parallelMap(ordered: isOrdered, maximumInFlight: 300, in: pool) {
            (number: Int) throws(TestError) -> LifeTracked in
            let life = LifeTracked(number, lives)
            if number >= position { throw TestError(number) }
            return life
          }.makeAsyncIterator()
          var numbers: [Int] = []
          do throws(TestError) {
            while let result = try await iterator.next() { numbers.append(result.value) }
            Issue.record("no error came")
          } catch {
            if isOrdered { #expect(error == TestError(position)) }
          }
          if isOrdered { #expect(numbers == Array(0..<position)) }
          #expect(Set(numbers).count == numbers.count)
          #expect(try await iterator.next() == nil)
        }
        #expect(await eventuallyAsync { lives.alive == 0 })
      }
    }
  }
}
