import Synchronization
import Testing

@testable import Skein

extension InTurn {
  /// L8, at a place in the program where loops have been short: there the first batch is run before anything is offered, and the clock is hardly read.
  @Suite struct ShortLoopTests {
    @inline(never)
    private static func loop(_ body: @escaping @Sendable (Int) -> Void) { (0..<10).parallel.forEach(body) }

    /// The pauses make the time since the last reading of the clock long.
    @Test(arguments: [false, true])
    func longElementsAreSharedAllTheSame(pausing: Bool) throws {
      let pool = try ThreadPool(threadCount: 2)
      withTimeout {
        pool.run {
          for _ in 0..<rounds(5, long: 50) {
            for number in 0..<200 {
              Self.loop { _ in }
              if pausing, number % 50 == 0 { sleep(for: .milliseconds(1)) }
            }
            let threads = Mutex(Set<Int>())
            Self.loop { index in
              // Nothing may be offered before those at the beginning.
              let limit: Duration = index < 4 ? .milliseconds(50) : .seconds(1)
              let start = ContinuousClock.now
              while threads.withLock({
                $0.insert(ThreadPool.currentWorkerIndex!)
                return $0.count < 2
              }), start.duration(to: .now) < limit {
                yieldThread()
              }
            }
            #expect(threads.withLock { $0.count } == 2)
          }
        }
      }
    }
  }
}
