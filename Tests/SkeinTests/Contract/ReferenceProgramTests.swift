import Skein
import Synchronization
import Testing

// The programs of this folder use the public names as a reader of the documentation would. They are here to compile, without
// `@testable`, without an annotation that is not needed, and without a warning; that they give the right answer is checked besides.

extension InTurn {
  /// The program that this library was made for, letter by letter, and smaller so that it takes moments.
  @Suite struct ReferenceProgramTests {
    @Test(.enabled(if: isLong)) func asItStands() throws {
      let pool = try ThreadPool(threadCount: 1)
      let total = Mutex(0.0)
      (0..<10_000).parallel.forEach { _ in
        let values = [Double](repeating: 1, count: 1 << 20)  // 8 MiB
        let sum = pool.run { values.parallel.sum() }
        total.withLock { $0 += sum }
      }
      #expect(total.withLock { $0 } == 10_000 * Double(1 << 20))
    }

    @Test func withFewerAndShorterVectors() throws {
      let pool = try ThreadPool(threadCount: 1)
      let total = Mutex(0.0)
      let open = Gauge()
      (0..<400).parallel.forEach { _ in
        open.enter()
        defer { open.leave() }
        let values = [Double](repeating: 1, count: 1 << 10)
        let sum = pool.run { values.parallel.sum() }
        total.withLock { $0 += sum }
      }
      #expect(total.withLock { $0 } == 400 * 1024)
      #expect(open.peak <= ThreadPool.shared.threadCount)
    }

    @Test func withSplittingControl() throws {
      let pool = try ThreadPool(threadCount: 1)
      let total = Mutex(0.0)
      (0..<1000).parallel(minimumBatch: 100).forEach { _ in
        let values = [Double](repeating: 1, count: 16)
        let sum = pool.run { values.parallel.sum() }
        total.withLock { $0 += sum }
      }
      (0..<1000).parallel.inBlocks(ofCount: 100).forEach { _ in
        let values = [Double](repeating: 1, count: 16)
        let sum = pool.run { values.parallel.sum() }
        total.withLock { $0 += sum }
      }
      #expect(total.withLock { $0 } == 2 * 1000 * 16)
    }
  }
}
