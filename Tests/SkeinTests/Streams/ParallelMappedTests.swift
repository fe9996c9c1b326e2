import Skein
import Testing

extension Task where Failure == Never {
  /// Its value; it is cancelled when the task is that waits for it.
  fileprivate var cancelledWithCaller: Success {
    get async {
      await withTaskCancellationHandler {
        await value
      } onCancel: {
        cancel()
      }
    }
  }
}

extension InTurn {
  /// `parallelMapped`: the bounded form for code without tasks.
  @Suite struct ParallelMappedTests {
    static let threads = fewThreadCounts

    /// Who asks for the results.
    enum Caller: CaseIterable {
      case outside, worker, workerOfAnotherPool, loop

      func run(in pool: ThreadPool, _ body: @escaping @Sendable () -> Void) throws {
        switch self {
        case .outside: body()
        case .worker: pool.run { body() }
        case .workerOfAnotherPool: try ThreadPool(threadCount: 1).run { body() }
        case .loop: (0..<3).parallel(in: pool).forEach { _ in body() }
        }
      }
    }

    @Test(arguments: threads, Caller.allCases)
    func resultsComeInOrder(_ threads: Int, _ caller: Caller) throws {
      let pool = try ThreadPool(threadCount: threads)
      let seed = newSeed()
      try withTimeout {
        for limit in [1, 2, 3, 64, 1000] {
          for count in [0, 1, 2, limit + 1, 200] {
            try caller.run(in: pool) {
              let numbers = ParallelStreamTests.Numbers(count: count)
              var taken = 0
              for result in numbers.parallelMapped(
                maximumInFlight: limit, in: pool,
                {
                  dawdle(seed, $0)
                  #expect(ThreadPool.current === pool)
                  return $0 * 2
                })
              {
                #expect(result == taken * 2)
                #expect(numbers.pulled.value - taken <= limit)
                taken += 1
              }
              #expect(taken == count)
              #expect(numbers.iterators.now == 0)
            }
          }
        }
      }
    }

    @Test(arguments: threads, Caller.allCases)
    func errorsComeInOrder(_ threads: Int, _ caller: Caller) throws {
      let pool = try ThreadPool(threadCount: threads)
      try withTimeout {
        for position in [0, 1, 9, 99] {
          try caller.run(in: pool) {
            let lives = Lives()
            do {
              var iterator = (0..<100).parallelMapped(maximumInFlight: 40, in: pool) {
                number throws(TestError) -> LifeTracked in
                if number >= position { throw TestError(number) }
                return LifeTracked(number, lives)
              }.makeIterator()
              var count = 0
              do throws(TestError) {
                while let result = try iterator.next() {
                  #expect(result.value == count)
                  count += 1
                }
                Issue.record("no error came")
              } catch {
                #expect(error == TestError(position))
              }
              #expect(count == position)
              do throws(TestError) { #expect(try iterator.next() == nil) } catch { Issue.record("a second error came") }
            }
            #expect(eventually { lives.alive == 0 })
          }
        }
      }
    }

    @Test(arguments: threads, Caller.allCases)
    func droppingTheIteratorDestroysWhatIsLeft(_ threads: Int, _ caller: Caller) throws {
      let pool = try ThreadPool(threadCount: threads)
      try withTimeout {
        for taken in [0, 1, 3, 70] {
          let lives = Lives()
          try caller.run(in: pool) {
            let elements = (0..<100).lazy.map { LifeTracked($0, lives) }
            var iterator = elements.parallelMapped(maximumInFlight: 20, in: pool) { LifeTracked($0.value, lives) }
              .makeIterator()
            for expected in 0..<taken {
              #expect(iterator.next()?.value == expected)
            }
          }
          #expect(eventually { lives.alive == 0 })
        }
      }
    }

    @Test(arguments: threads, [1, 10, 100])
    func noMoreAreAliveThanStated(_ threads: Int, _ limit: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let lives = Lives()
      withTimeout {
        let elements = (0..<1000).lazy.map { LifeTracked($0, lives) }
        for element in elements.parallelMapped(maximumInFlight: limit, in: pool, { $0 }) {
          #expect(lives.alive <= limit + 1)
          _ = element
        }
      }
      #expect(eventually { lives.alive == 0 })
      #expect(lives.bornCount == 1000)
    }

    @Test(arguments: threads, [1, 7, 100])
    func bytesAreBounded(_ threads: Int, _ budget: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let numbers = ParallelStreamTests.Numbers(count: 300)
      var expected = 0
      for result in numbers.parallelMapped(maximumInFlightBytes: budget, cost: { $0 % 7 }, in: pool, { $0 }) {
        #expect(result == expected)
        let ahead = (expected..<numbers.pulled.value).reduce(0) { $0 + max(1, $1 % 7) }
        #expect(ahead <= budget - 1 + 6)
        expected += 1
      }
      #expect(expected == 300)
    }

    /// A worker that waits runs what it waits for, and no other iteration of the loop that it is in.
    @Test(arguments: threads)
    func aWaitingWorkerBeginsNothingElse(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let open = OpenIterations(threadCount: threads)
      withTimeout {
        (0..<60).parallel(in: pool).forEach { outer in
          open.run {
            let sum = (0..<20).parallelMapped(maximumInFlight: 4, in: pool) { $0 + outer }.reduce(0, +)
            #expect(sum == 190 + 20 * outer)
          }
        }
      }
      #expect(open.deepest == 1)
      #expect(open.peak <= threads)
    }

    /// Pools of one thread that ask each other for results, from both sides at once, and from within.
    @Test(arguments: zip([2, 8, 3], [ThreadPool.WaitPolicy.ownWork, .innerWork, .block]))
    func inALoopOneIterationIsOpenOnEachThread(_ threads: Int, _ policy: ThreadPool.WaitPolicy) throws {
      let pool = try ThreadPool(.init(threadCount: threads, waitPolicy: policy))
      let open = OpenIterations(threadCount: threads)
      withTimeout {
        for _ in 0..<rounds(12, long: 400) {
          (0..<64).parallel(in: pool, maximumBatch: 1).forEach { _ in
            open.run {
              // The worker makes some of the results itself, by loops in which it waits.
              for _ in (0..<4).parallelMapped(
                maximumInFlight: 2,
                { _ in (0..<16).parallel(maximumBatch: 1).forEach { _ in spin(for: .microseconds(5)) } })
              {}
            }
          }
        }
      }
      #expect(open.peak <= threads)
      #expect(open.deepest == 1)
    }

    @Test func poolsThatWaitForEachOther() throws {
      let pools = (try ThreadPool(threadCount: 1), try ThreadPool(threadCount: 1))
      withTimeout {
        OutsideThread.run(4) { index in
          let (mine, other) = index % 2 == 0 ? pools : (pools.1, pools.0)
          for _ in 0..<10 {
            let sum = mine.run {
              (0..<8).parallelMapped(maximumInFlight: 3, in: other) { number in
                (0..<4).parallelMapped(maximumInFlight: 2, in: mine) { $0 * number }.reduce(0, +)
              }.reduce(0, +)
            }
            #expect(sum == 6 * 28)
          }
        }
      }
    }

    /// A source that never ends, without a limit: a worker does not pull for ever while nobody else can begin anything.
    @Test func endlessSourcesWithoutALimit() throws {
      let pools = (try ThreadPool(threadCount: 1), try ThreadPool(threadCount: 1))
      func first(in pool: ThreadPool) -> Int? {
        var iterator = sequence(first: 0) { $0 + 1 }.parallelMapped(maximumInFlight: .max, in: pool) { $0 }
          .makeIterator()
        _ = iterator.next()
        return iterator.next()
      }
      withTimeout {
        // In the only worker's own pool; and in that of one which waits for this worker.
        #expect(pools.0.run { first(in: pools.0) } == 1)
        #expect(pools.0.run { pools.1.run { first(in: pools.0) } } == 1)
      }
    }

    /// Accepted work that waits for results made elsewhere, whose closures call back, directly and through a third pool
    /// and a further sequence.
    @Test(arguments: [1, 2])
    func closuresCallBackIntoAPoolThatIsShutDown(_ threads: Int) throws {
      let pools = try (0..<3).map { _ in try ThreadPool(threadCount: threads) }
      let isShutDown = Flag()
      let sum = Counter()
      withTimeout {
        pools[0].spawn {
          while !isShutDown.isSet { yieldThread() }
          sleep(for: .milliseconds(5))
          let results = (0..<6).parallelMapped(maximumInFlight: 2, in: pools[1]) { number in
            pools[0].run { number }
              + (0..<2).parallelMapped(maximumInFlight: 2, in: pools[2]) { inner in
                pools[0].run { inner } + pools[1].run { inner }
              }.reduce(0, +)
          }
          for result in results { sum.add(result) }
        }
        isShutDown.set()
        pools[0].shutdown()
      }
      #expect(sum.value == 15 + 6 * 2)
    }

    /// Closures see that the call or task in which results are requested is cancelled, on whichever worker they run.
    @Test(arguments: fewThreadCounts)
    func closuresAreToldOfTheEndOfTheCall(_ threads: Int) async throws {
      let pool = try ThreadPool(threadCount: threads)
      @Sendable func waitUntilTold(_ begun: Flag) -> Int {
        (0..<8).parallelMapped(
          maximumInFlight: 8, in: pool,
          { _ in
            begun.set()
            while !ThreadPool.isCancelled { yieldThread() }
            return 1
          }
        ).reduce(0, +)
      }
      await withAsyncTimeout {
        // A deadline.
        await #expect(throws: ThreadPool.DeadlinePassed()) {
          try await pool.run(until: .now + .milliseconds(5)) { waitUntilTold(Flag()) }
        }
        // A cancelled call, directly and with another pool in between; a task in the pool, and one outside.
        let kinds: [@Sendable (Flag) async throws -> Int] = [
          { begun in try await pool.run { () throws in waitUntilTold(begun) } },
          { begun in
            let other = try ThreadPool(threadCount: 1)
            return try await pool.run { () throws in other.run { waitUntilTold(begun) } }
          },
          { begun in await Task(executorPreference: pool) { waitUntilTold(begun) }.cancelledWithCaller },
          { begun in waitUntilTold(begun) },
        ]
        for kind in kinds {
          let begun = Flag()
          let task = Task { try await kind(begun) }
          while !begun.isSet { await Task.yield() }
          task.cancel()
          _ = await task.result
        }
        // The next call in that pool has nothing to do with it.
        #expect(
          await pool.run { (0..<8).parallelMapped(maximumInFlight: 4, { _ in ThreadPool.isCancelled }).contains(true) }
            == false)
      }
    }

    @TaskLocal static var name = "none"

    @Test func closuresSeeTaskLocalValues() throws {
      let pool = try ThreadPool(threadCount: 2)
      var iterator = (0..<50).parallelMapped(maximumInFlight: 4, in: pool) { _ in Self.name }.makeIterator()
      Self.$name.withValue("here") { #expect(iterator.next() == "here") }
      while let name = iterator.next() { #expect(name == "here" || name == "none") }
    }
  }
}
