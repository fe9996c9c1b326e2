import Skein
import Synchronization
import Testing

extension InTurn {
  /// Thieves leave pieces of loops for calls from outside, again and again: what they have left is done in its place, once.
  @Suite struct HandBackTests {
    /// Runs `body` while two threads make calls to a pool without a pause.
    private func withCalls(to pool: ThreadPool, _ body: () throws -> Void) rethrows {
      let isOver = Flag()
      let callers = (0..<2).map { _ in
        OutsideThread {
          while !isOver.isSet {
            pool.run { spin(for: .microseconds(20)) }
            spin(for: .microseconds(5))
          }
        }
      }
      defer {
        isOver.set()
        for caller in callers { caller.join() }
      }
      try body()
    }

    private func work(_ position: Int) -> Int {
      // A quarter of the loop is slow, so that pieces are divided everywhere.
      spin(for: .microseconds(position % 256 < 64 ? 4 : 0))
      return position
    }

    @Test(arguments: [2, 3, 4, 8], [1, 2, Int.max])
    func resultsAreWholeAndInOrder(_ threads: Int, _ maximumInFlight: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let count = 20_000
      withTimeout {
        withCalls(to: pool) {
          for _ in 0..<rounds(3, long: 100) {
            let loop = (0..<count).parallel(in: pool, maximumInFlight: maximumInFlight)
            #expect(Array(loop.map { work($0) }) == Array(0..<count))
            #expect(Array(loop.filter { work($0) % 3 == 0 }) == (0..<count).filter { $0 % 3 == 0 })
            // Ranges can be put together only in their order.
            let whole = loop.map { work($0)..<$0 + 1 }.reduce { left, right in
              left.upperBound == right.lowerBound ? left.lowerBound..<right.upperBound : -1..<0
            }
            #expect(whole == 0..<count)
          }
        }
      }
    }

    /// What is left in several parts has a permit for each.
    @Test(arguments: [3, 4, 8], [2, 3])
    func noMoreInFlightThanStated(_ threads: Int, _ maximumInFlight: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        withCalls(to: pool) {
          for _ in 0..<rounds(10, long: 300) {
            let open = Gauge()
            (0..<4000).parallel(in: pool, maximumBatch: 8, maximumInFlight: maximumInFlight).forEach { position in
              open.enter()
              _ = work(position)
              open.leave()
            }
            #expect(open.peak <= maximumInFlight)
          }
        }
      }
    }

    @Test(arguments: [3, 4])
    func theFirstErrorAndNoLeak(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let lives = Lives()
      withTimeout {
        withCalls(to: pool) {
          for round in 0..<rounds(20, long: 500) {
            let first = round * 37 % 3000
            #expect(throws: TestError(first)) {
              try Array(
                (0..<4000).parallel(in: pool).map { position throws(TestError) in
                  if work(position) >= first, position % 5 == first % 5 { throw TestError(position) }
                  return LifeTracked(position, lives)
                })
            }
          }
        }
      }
      #expect(lives.alive == 0)
    }
  }
}
