import Testing

@testable import Skein

extension InTurn {
  /// Thieves of tasks that are very short let their owner be for a while, and some of them sleep. But what is left there is taken, once it is
  /// long.
  @Suite struct SparedOwnerTests {
    @Test(arguments: [3, 8])
    func longTasksBehindShortOnesAreTaken(threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout {
        pool.run {
          for round in 0..<rounds(100, long: 1000) {
            let (first, second) = (Flag(), Flag())
            withParallelScope { scope in
              for _ in 0..<round * 20 { scope.spawn {} }
              // Each ends only if another thread runs the other, and the body's thread runs neither.
              scope.spawn {
                first.set()
                while !second.isSet { yieldThread() }
              }
              scope.spawn {
                second.set()
                while !first.isSet { yieldThread() }
              }
              while !first.isSet || !second.isSet { yieldThread() }
            }
          }
        }
      }
    }
  }
}
