import Skein
import Testing

extension InTurn {
  /// `parallelMap` of asynchronous sequences.
  @Suite struct AsyncParallelMapTests {
    static let threads = fewThreadCounts

    @Test(arguments: threads, [1, 2, 3, 64])
    func resultsComeInOrder(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      for count in [0, 1, 2, limit, limit + 1, 300] {
        let source = TestSource<Never>(count: count, suspends: { $0 % 7 == 3 })
        var results: [Int] = []
        for await result in source.parallelMap(
          maximumInFlight: limit, in: pool,
          {
            dawdle(seed, $0)
            return $0 * 2
          })
        { results.append(result) }
        #expect(results == (0..<count).map { $0 * 2 })
        #expect(source.pulled.value == count)
      }
    }

    @Test(arguments: threads, [1, 3, 64])
    func unorderedResultsAreAllThere(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      let source = TestSource<TestError>(count: 300, error: TestError(300))
      var results: [Int] = []
      let stream = source.parallelMap(ordered: false, maximumInFlight: limit, in: pool) { (number: Int) -> Int in
        dawdle(seed, number)
        return number
      }
      var iterator = stream.makeAsyncIterator()
      do throws(TestError) {
        while let result = try await iterator.next() { results.append(result) }
        Issue.record("the error of the source was lost")
      } catch {
        #expect(error == TestError(300))
      }
      // The source's error comes after everything else.
      #expect(results.sorted() == Array(0..<300))
      #expect(try await iterator.next() == nil)
    }

    /// An element counts from when it is pulled until its result is handed on.
    @Test(arguments: threads, [1, 2, 5, 32])
    func noMoreAreAliveThanStated(_ threads: Int, _ limit: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for isOrdered in [true, false] {
        let lives = Lives()
        let alive = Gauge()
        let source = TestSource<Never>(count: 200, suspends: { $0 % 5 == 0 })
        let taken = Counter()
        let seed = newSeed()
        for await result in source.parallelMap(
          ordered: isOrdered, maximumInFlight: limit, in: pool,
          { number in
            alive.enter()
            // What has been pulled and not handed on.
            #expect(source.pulled.value - taken.value <= limit + 1)
            dawdle(seed, number)
            return LifeTracked(number, lives)
          })
        {
          #expect(lives.alive <= limit + 1)
          _ = result
          alive.leave()
          taken.add()
        }
        // The one that the consumer holds is not in flight any more.
        #expect(alive.peak <= limit + 1)
        #expect(lives.alive == 0)
        #expect(taken.value == 200)
      }
    }

    @Test(arguments: threads)
    func nothingIsPulledWithoutRoom(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let source = TestSource<Never>(count: .max)
      let stream = source.parallelMap(maximumInFlight: 10, in: pool) { $0 }
      var iterator = stream.makeAsyncIterator()
      #expect(source.pulled.value == 0)
      for expected in 0..<50 { #expect(await iterator.next() == expected) }
      #expect(await eventuallyAsync { source.pulled.value > 50 })
      try await Task.sleep(for: .milliseconds(2))
      #expect(source.pulled.value <= 60)
      // A full window costs the pool nothing: it can be used as if nothing were there.
      #expect(await pool.run { (0..<100).parallel.sum() } == 4950)
    }

    @Test(arguments: threads, [1, 4, 50])
    func bytesAreBounded(_ threads: Int, _ budget: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let source = TestSource<Never>(count: 300)
      let inFlight = Gauge()
      var expected = 0
      // The last element pulled may exceed the budget.
      for await result in source.parallelMap(maximumInFlightBytes: budget, cost: { $0 % 7 }, in: pool, { $0 }) {
        #expect(result == expected)
        expected += 1
        let ahead = (expected..<source.pulled.value).reduce(0) { $0 + max(1, $1 % 7) }
        #expect(ahead <= budget - 1 + 6)
        inFlight.enter()
      }
      #expect(expected == 300)
    }

    /// One that costs more than there may be is alone from the next pull on.
    @Test(arguments: threads, [10, Int.max])
    func costsBeyondAllBounds(_ threads: Int, _ budget: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let source = TestSource<Never>(count: 300)
      let cost: @Sendable (Int) -> Int = { $0 % 5 == 4 ? .max : 1 }
      var expected = 0
      for await result in source.parallelMap(maximumInFlightBytes: budget, cost: cost, in: pool, { $0 }) {
        #expect(result == expected)
        expected += 1
        // Nothing is pulled beside one of those.
        #expect(source.pulled.value <= (expected / 5 + 1) * 5)
      }
      for await result in (300..<600).parallelStream(maximumInFlightBytes: budget, cost: cost, in: pool, { $0 }) {
        #expect(result == expected)
        expected += 1
      }
      await pool.run {
        #expect((0..<300).parallelMapped(maximumInFlightBytes: budget, cost: cost, { $0 }).elementsEqual(0..<300))
      }
      #expect(expected == 600)
    }

    /// A result that is ready reaches a waiting consumer though the worker that made it is busy with a later element,
    /// even with one whose closure waits for the consumer.
    @Test(arguments: [true, false])
    func noResultWaitsForALaterElement(_ isOrdered: Bool) async throws {
      let pool = try ThreadPool(threadCount: 1)
      let source = TestSource<Never>(count: 2)
      let (isBusy, isTaken) = (Flag(), Flag())
      // Both elements are put in before the worker is free, so that it begins the second right after the first.
      pool.spawn {
        isBusy.set()
        while source.pulled.value < 2 || source.iterators.now > 0 { yieldThread() }
      }
      await withAsyncTimeout(.seconds(300)) {
        while !isBusy.isSet { await Task.yield() }
        for await number in source.parallelMap(
          ordered: isOrdered, maximumInFlight: 4, in: pool,
          { number in
            while number == 1, !isTaken.isSet { yieldThread() }
            return number
          })
        { if number == 0 { isTaken.set() } }
      }
    }

    // MARK: Errors

    @Test(arguments: threads)
    func anErrorOfTheClosureComesAfterAllEarlierResults(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      for position in [0, 1, 2, 9, 31, 99] {
        let lives = Lives()
        let source = TestSource<Never>(count: 100)
        var results: [Int] = []
        let stream = source.parallelMap(maximumInFlight: 8, in: pool) { (number) throws(TestError) -> LifeTracked in
          dawdle(seed, number)
          if number >= position { throw TestError(number) }
          return LifeTracked(number, lives)
        }
        do throws(TestError) {
          for try await result in stream { results.append(result.value) }
          Issue.record("no error came")
        } catch {
          #expect(error == TestError(position))
        }
        #expect(results == Array(0..<position))
        #expect(await eventuallyAsync { lives.alive == 0 })
        #expect(source.pulled.value <= position + 8)
        #expect(await eventuallyAsync { source.iterators.now == 0 })
      }
    }

    @Test(arguments: threads)
    func anErrorOfTheSourceComesLast(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in [0, 1, 5, 100] {
        let source = TestSource<TestError>(count: count, error: TestError(count))
        var results: [Int] = []
        let stream = source.parallelMap(maximumInFlight: 8, in: pool) { $0 }
        do throws(TestError) {
          for try await result in stream { results.append(result) }
          Issue.record("no error came")
        } catch {
          #expect(error == TestError(count))
        }
        #expect(results == Array(0..<count))
      }
    }

    @Test func errorsOfBothKinds() async throws {
      let source = TestSource<TestError>(count: 10, error: TestError(10))
      let stream = source.parallelMap(maximumInFlight: 4) { number throws -> Int in number }
      var count = 0
      await #expect(throws: TestError(10)) { for try await _ in stream { count += 1 } }
      #expect(count == 10)
    }

    // MARK: The end

    @Test(arguments: threads)
    func droppingTheIteratorEndsTheStream(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      for taken in [0, 1, 2, 17] {
        let lives = Lives()
        let source = TestSource<Never>(count: .max, suspends: { $0 % 3 == 0 })
        do {
          let stream = source.parallelMap(maximumInFlight: 5, in: pool) { LifeTracked($0, lives) }
          var iterator = stream.makeAsyncIterator()
          for expected in 0..<taken { #expect(await iterator.next()?.value == expected) }
        }
        #expect(await eventuallyAsync { lives.alive == 0 && source.iterators.now == 0 })
      }
    }

    /// With its iterator the stream ends, and then its pool may be shut down, also while the task that pulls puts an element in.
    @Test func aPoolThatEndsRightAfterTheStream() async throws {
      try await withAsyncTimeout(.seconds(300)) {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for lane in 0..<8 {
            group.addTask {
              for round in 0..<rounds(20, long: 2000) {
                let pool = try ThreadPool(threadCount: 2)
                do {
                  let stream = TestSource<Never>(count: .max).parallelMap(maximumInFlight: 4, in: pool) { $0 }
                  var iterator = stream.makeAsyncIterator()
                  for _ in 0...(round + lane) % 3 { _ = await iterator.next() }
                }
                blocking { pool.shutdown() }
              }
            }
          }
          try await group.waitForAll()
        }
      }
    }

    @Test(arguments: threads)
    func cancellationAtEveryMoment(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      for moment in 0..<rounds(30, long: 500) {
        let lives = Lives()
        let source = TestSource<Never>(count: .max, suspends: { $0 % 3 == 0 })
        let isThrowing = moment % 2 == 0
        let seen = Counter()
        let task = Task { () -> Bool in
          if isThrowing {
            do {
              let stream = source.parallelMap(maximumInFlight: 6, in: pool) { number throws -> LifeTracked in
                dawdle(seed, number)
                return LifeTracked(number, lives)
              }
              for try await _ in stream { seen.add() }
              return false
            } catch { return error is CancellationError }
          }
          for await _ in source.parallelMap(maximumInFlight: 6, in: pool, { LifeTracked($0, lives) }) { seen.add() }
          return true
        }
        if moment % 3 == 0 { while seen.value < moment { await Task.yield() } }
        spin(for: .microseconds(moment))
        task.cancel()
        #expect(await task.value)
        #expect(await eventuallyAsync { lives.alive == 0 && source.iterators.now == 0 })
      }
    }

    /// An error that nobody takes is destroyed where that may do anything: here it calls the only worker, which needs the stream's lock.
    @Test func anErrorThatNobodyTakesMayCallThePool() async throws {
      let pool = try ThreadPool(threadCount: 1)
      await withAsyncTimeout {
        for _ in 0..<5 {
          let (begun, pulled, ended) = (Flag(), Counter(), Flag())
          do {
            let source = AsyncThrowingStream<Int, any Error> {
              let number = pulled.add()
              if number == 3 { throw CallingError(caller: Caller(pool: pool, ended: ended)) }
              return number
            }
            let stream = source.parallelMap(maximumInFlight: 8, in: pool) { number throws in
              if number == 2 {
                begun.set()
                sleep(for: .milliseconds(30))
              }
            }
            var iterator = stream.makeAsyncIterator()
            _ = try? await iterator.next()
            #expect(await eventuallyAsync { begun.isSet && pulled.value == 3 })
            sleep(for: .milliseconds(5))
          }
          #expect(await eventuallyAsync { ended.isSet })
        }
      }
    }

    /// The closure can see that nobody wants its result any more.
    @Test func closuresAreToldOfTheEnd() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let (begun, told) = (Flag(), Flag())
      let task = Task {
        for await _ in TestSource<Never>(count: .max).parallelMap(
          maximumInFlight: 1, in: pool,
          { _ in
            begun.set()
            while !ThreadPool.isCancelled { sleep(for: .microseconds(100)) }
            told.set()
          })
        {}
      }
      while !begun.isSet { await Task.yield() }
      task.cancel()
      await task.value
      #expect(await eventuallyAsync { told.isSet })
    }

    @TaskLocal static var name = "none"

    @Test func closuresSeeTheTaskLocalValuesOfTheConsumer() async throws {
      let pool = try ThreadPool(threadCount: 2)
      await Self.$name.withValue("consumer") {
        for await name in TestSource<Never>(count: 50).parallelMap(maximumInFlight: 4, in: pool, { _ in Self.name }) {
          #expect(name == "consumer")
        }
      }
    }

    /// Each stream runs on its pool's workers, and many of them at once on few.
    @Test func manyStreamsAtOnce() async throws {
      let pool = try ThreadPool(threadCount: 2)
      let total = await withTaskGroup(of: Int.self) { group in
        for _ in 0..<50 {
          group.addTask {
            var sum = 0
            for await number in TestSource<Never>(count: 40).parallelMap(
              maximumInFlight: 3, in: pool,
              { number in
                #expect(ThreadPool.current === pool)
                return number
              })
            { sum += number }
            return sum
          }
        }
        return await group.reduce(0, +)
      }
      #expect(total == 50 * 780)
      pool.shutdown()
    }

    @Test func aWindowWithoutRoomTraps() async {
      let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = TestSource<Never>(count: 1).parallelMap(maximumInFlight: 0) { $0 }
      }
      #expect(message(result).contains("maximumInFlight is at least 1, not 0"))
    }
  }
}

/// An error with something that calls a pool when it is destroyed.
private struct CallingError: Error { let caller: Caller }

private final class Caller: Sendable {
  let pool: ThreadPool
  let ended: Flag

  init(pool: ThreadPool, ended: Flag) {
    self.pool = pool
    self.ended = ended
  }

  deinit {
    pool.run {}
    ended.set()
  }
}
