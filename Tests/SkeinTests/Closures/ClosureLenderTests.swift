import Synchronization
import Testing

@testable import Skein

/// A chain's closures reach its leaf in two ways: as constants, if none captures anything (in optimised builds), or through links.
@Suite struct ClosureLenderTests {
  @Test(arguments: threadCounts)
  func capturingOrNotIsTheSame(_ threads: Int) throws {
    let pool = try ThreadPool(threadCount: threads)
    defer { pool.shutdown() }
    let (factor, limit) = (3, 7)
    for count in [0, 1, 2, 17, 1000] {
      let values = Array(0..<count)
      let expected = values.map { $0 * 3 }.filter { $0 % 7 < 4 }.map(String.init)
      let constant = values.parallel(in: pool).map { $0 * 3 }.filter { $0 % 7 < 4 }.compactMap { Optional(String($0)) }
      let captured = values.parallel(in: pool).map { $0 * factor }.filter { $0 % limit < 4 }
        .compactMap { $0 < factor * count ? String($0) : nil }
      let mixed = values.parallel(in: pool).map { $0 * factor }.filter { $0 % 7 < 4 }.map { String($0) }
      #expect(Array(constant) == expected)
      #expect(Array(captured) == expected)
      #expect(Array(mixed) == expected)
      #expect(values.parallel(in: pool).map { $0 * factor }.sum() == values.reduce(0) { $0 + $1 * 3 })
      #expect(values.parallel(in: pool).map { $0 * 3 }.sum() == values.reduce(0) { $0 + $1 * 3 })
    }
  }

  /// The links hold what the closures capture for as long as the loop runs, and not longer.
  @Test func capturedObjectsEndWithTheChain() throws {
    final class Captured: Sendable {
      let ended: @Sendable () -> Void
      let number = 5
      init(_ ended: @escaping @Sendable () -> Void) { self.ended = ended }
      deinit { ended() }
    }
    let ends = Mutex(0)
    let pool = try ThreadPool(threadCount: 3)
    defer { pool.shutdown() }
    func sum() -> Int {
      let captured = Captured { ends.withLock { $0 += 1 } }
      return (0..<1000).parallel(in: pool).map { $0 + captured.number }.filter { _ in ends.withLock { $0 } == 0 }.sum()
    }
    #expect(sum() == 999 * 500 + 5000)
    #expect(ends.withLock { $0 } == 1)
  }

  /// A closure that captures and throws.
  @Test(arguments: threadCounts)
  func capturingAndThrowing(_ threads: Int) throws {
    struct Failed: Error, Equatable { let value: Int }
    let pool = try ThreadPool(threadCount: threads)
    defer { pool.shutdown() }
    let bad = 321
    #expect(throws: Failed(value: bad)) {
      try Array(
        (0..<1000).parallel(in: pool).map { (value) throws(Failed) in
          if value >= bad { throw Failed(value: value) }
          return value
        }.filter { $0 < bad + 1 })
    }
  }
}
