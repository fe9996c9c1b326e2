import Skein
import Synchronization
import Testing

extension InTurn {
  /// W5: pools that call into each other, and back, finish.
  @Suite struct CallingPoolsTests {
    /// Two pools of one thread each that call each other.
    private struct Pair: Sendable {
      let left: ThreadPool
      let right: ThreadPool

      init(left: ThreadPool, right: ThreadPool) {
        self.left = left
        self.right = right
      }

      init() throws {
        left = try ThreadPool(threadCount: 1)
        right = try ThreadPool(threadCount: 1)
      }

      /// Returns how deep it went.
      func call(depth: Int) -> Int {
        if depth == 0 { return 0 }
        return (depth.isMultiple(of: 2) ? left : right).run { 1 + call(depth: depth - 1) }
      }
    }

    @Test func fiftyDeep() throws {
      let pair = try Pair()
      for _ in 0..<rounds(10, long: 100) {
        withTimeout { #expect(pair.call(depth: 50) == 50) }
      }
    }

    @Test func fiftyDeepFromSeveralOutsideThreads() throws {
      let pair = try Pair()
      withTimeout {
        OutsideThread.run(4) { _ in
          for _ in 0..<rounds(5, long: 100) { #expect(pair.call(depth: 50) == 50) }
        }
      }
    }

    @Test func fiftyDeepFromALoop() throws {
      let pair = try Pair()
      let pool = try ThreadPool(threadCount: 4)
      withTimeout {
        (0..<rounds(40, long: 400)).parallel(in: pool).forEach { _ in #expect(pair.call(depth: 50) == 50) }
        // A loop in one of the two: its thread is the one that is called back.
        (0..<20).parallel(in: pair.left).forEach { _ in #expect(pair.call(depth: 49) == 49) }
      }
    }

    @Test func loopsAtEveryLevel() throws {
      let pair = try Pair()
      let leaves = Counter()
      @Sendable func descend(_ depth: Int) {
        if depth == 0 {
          leaves.add()
          return
        }
        (0..<2).parallel(in: depth.isMultiple(of: 2) ? pair.left : pair.right).forEach { _ in descend(depth - 1) }
      }
      withTimeout { descend(10) }
      #expect(leaves.value == 1024)
    }

    /// Each pool's one thread is blocked in a call to the other while a second caller comes the other way round: unrelated calls
    /// wait for each other's only thread, and one of them must start on top of the other.
    @Test(arguments: [ThreadPool.WaitPolicy.ownWork, .innerWork, .anyWork, .block], [1, 2])
    func callersFromBothSides(_ policy: ThreadPool.WaitPolicy, threads: Int) throws {
      let configuration = ThreadPool.Configuration(threadCount: threads, stackSize: 64 << 20, waitPolicy: policy)
      let pair = Pair(left: try ThreadPool(configuration), right: try ThreadPool(configuration))
      withTimeout {
        OutsideThread.run(4) { thread in
          for _ in 0..<rounds(200, long: 2000) { #expect(pair.call(depth: 6 + thread % 2) == 6 + thread % 2) }
        }
      }
    }

    /// The same from inside loops, around a circle of three pools, in both directions, with an unrelated loop going on.
    @Test(arguments: [1, 2, 3])
    func circlesInBothDirections(threads: Int) throws {
      let pools = try (0..<3).map { _ in try ThreadPool(threadCount: threads) }
      let outer = try ThreadPool(threadCount: 4)
      @Sendable func around(_ place: Int, _ step: Int, _ depth: Int) -> Int {
        depth == 0
          ? 0
          : pools[place].run { (0..<3).parallel.map { _ in around((place + step) % 3, step, depth - 1) }.max()! + 1 }
      }
      withTimeout {
        (0..<rounds(40, long: 400)).parallel(in: outer).forEach { index in
          #expect(around(index % 3, index.isMultiple(of: 2) ? 1 : 2, 4) == 4)
        }
      }
    }

    @Test func threePoolsInACircle() throws {
      let pools = try (0..<3).map { _ in try ThreadPool(threadCount: 2) }
      @Sendable func around(_ depth: Int) -> Int {
        depth == 0 ? 0 : pools[depth % 3].run { (0..<2).parallel.map { _ in around(depth - 1) }.max()! + 1 }
      }
      withTimeout { #expect(around(9) == 9) }
    }
  }
}
