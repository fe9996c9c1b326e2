import Skein
import Testing

private struct Refused: Error, Equatable { let value: Int }

extension InTurn {
  /// L3: wherever in a chain a closure throws, that error comes out, and what was made is destroyed.
  @Suite struct ChainErrorTests {
    private static let count = 9

    /// Numbers as values whose lives are counted; the closure throws at `target`.
    private static func source(
      _ target: Int, _ lives: Lives, _ pool: ThreadPool
    ) -> ParallelThrowingMap<ParallelElements<Range<Int>>, LifeTracked, Refused> {
      (0..<count).parallel(in: pool, maximumBatch: 2).map { (value) throws(Refused) in
        let tracked = LifeTracked(value, lives)
        if value == target { throw Refused(value: value) }
        return tracked
      }
    }

    @Test(arguments: fewThreadCounts)
    func whateverFollowsTheThrowingClosure(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(120)) {
        for target in -1..<Self.count { check(target, pool) }
      }
    }

    private func check(_ target: Int, _ pool: ThreadPool) {
      let lives = Lives()
      let all = Array(0..<Self.count)

      /// Collects a chain that touches some of the numbers.
      func expect<Chain: ParallelSequence>(_ chain: Chain, touches: [Int], gives: [Int], _ name: Comment)
      where Chain.Element == LifeTracked, Chain.Failure == Refused {
        do throws(Refused) {
          let collected = try Array(chain)
          #expect(!touches.contains(target), name)
          #expect(collected.map(\.value) == gives, name)
        } catch {
          #expect(touches.contains(target) && error.value == target, name)
        }
        #expect(lives.alive == 0, name)
      }
      func throwing() -> ParallelThrowingMap<ParallelElements<Range<Int>>, LifeTracked, Refused> {
        Self.source(target, lives, pool)
      }

      expect(throwing(), touches: all, gives: all, "map")
      expect(throwing().map { $0 }, touches: all, gives: all, "map.map")
      expect(throwing().filter { $0.value % 2 == 0 }, touches: all, gives: [0, 2, 4, 6, 8], "filter")
      expect(throwing().compactMap { $0.value > 4 ? $0 : nil }, touches: all, gives: [5, 6, 7, 8], "compactMap")
      expect(throwing().flatMap { [$0, $0] }, touches: all, gives: all.flatMap { [$0, $0] }, "flatMap")
      expect(throwing().enumerated().map(\.element), touches: all, gives: all, "enumerated")
      expect(throwing().reversed(), touches: all, gives: all.reversed(), "reversed")
      expect(throwing().striding(by: 2), touches: [0, 2, 4, 6, 8], gives: [0, 2, 4, 6, 8], "striding")
      expect(throwing().prefix(4), touches: [0, 1, 2, 3], gives: [0, 1, 2, 3], "prefix")
      expect(throwing().suffix(2), touches: [7, 8], gives: [7, 8], "suffix")
      expect(throwing().dropFirst(7), touches: [7, 8], gives: [7, 8], "dropFirst")
      expect(throwing().dropLast(7), touches: [0, 1], gives: [0, 1], "dropLast")
      expect(zip(throwing(), all.parallel).map { $0.0 }, touches: all, gives: all, "zip first")
      expect(zip(all.prefix(3).parallel, throwing()).map { $0.1 }, touches: [0, 1, 2], gives: [0, 1, 2], "zip second")
      expect(zip(throwing(), throwing().reversed()).map { $0.0 }, touches: all, gives: all, "zip both")
      expect(chain(throwing(), throwing()), touches: all, gives: all + all, "chain")
      expect(
        chain(throwing(), [Int]().parallel.map { LifeTracked($0, lives) }), touches: all, gives: all,
        "chain with one that cannot")
      expect(
        throwing().interleaved(with: throwing().prefix(1)), touches: all, gives: [0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
        "interleaved")
      expect(throwing().chunks(ofCount: 4).map { $0[0] }, touches: all, gives: [0, 4, 8], "chunks")
      expect(throwing().unordered.prefix(.max), touches: all, gives: all, "unordered")
      expect(throwing().batched(maximum: 1).inBlocks(ofCount: 2), touches: all, gives: all, "planned")
    }
  }
}
