import Skein
import Testing

/// A plain sequence of known elements.
private struct Plain: Sequence, Sendable {
  let elements: [Int]
  func makeIterator() -> AnyIterator<Int> { AnyIterator(elements.makeIterator()) }
}

/// A sequence with two elements at each position.
private struct Doubled: DivisibleSequence {
  let elements: [Int]
  var positionCount: Int { elements.count }
  func elements(at positions: Range<Int>) -> [Int] { elements[positions].flatMap { [$0, -$0] } }
}

extension InTurn {
  /// Sources × chains of adaptors × terminals, against the standard library.
  @Suite struct ChainTests {
    @Test(arguments: threadCounts)
    func everyTerminalGivesTheSequentialAnswer(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      withTimeout(.seconds(300)) {
        for count in isSanitized ? [0, 2] : [0, 1, 2, 17] { check(TerminalTable(), count, depth: 1, pool) }
        let elements = Self.elements(isLong ? 100 : 11)
        TerminalTable().visitChains(
          of: elements.parallel(in: pool, maximumBatch: 2), elements, "array",
          depth: isLong || threads == 2 && !isSanitized ? 2 : 1)
      }
    }

    @Test func everyLeafCanBeDividedAnywhere() throws {
      let pool = try ThreadPool(threadCount: 1)
      withTimeout(.seconds(300)) {
        for count in [0, 1, 2, 7] { check(SplitTable(), count, depth: 1, pool) }
        let elements = Self.elements(5)
        SplitTable().visitChains(of: elements.parallel(in: pool), elements, "array", depth: 2)
      }
    }

    private static func elements(_ count: Int) -> [Int] { (0..<count).map { ($0 &* 2_654_435_761) >> 3 & 63 } }

    /// Visits the chains of every kind of source.
    private func check(_ visitor: some ChainVisitor, _ count: Int, depth: Int, _ pool: ThreadPool) {
      let array = Self.elements(count)
      visitor.visitChains(of: array.parallel(in: pool), array, "array", depth: depth)
      visitor.visitChains(of: (0..<count).parallel(in: pool), Array(0..<count), "range", depth: depth)
      visitor.visitChains(of: array.reversed().parallel(in: pool), array.reversed(), "reversed array", depth: depth)
      visitor.visitChains(
        of: array.parallel(in: pool).chunks(ofCount: 2).map { $0.reduce(0, &+) },
        stride(from: 0, to: count, by: 2).map { array[$0] + ($0 + 1 < count ? array[$0 + 1] : 0) }, "slices",
        depth: depth)
      visitor.visitChains(
        of: array.parallel(in: pool).windows(ofCount: 3).map { $0.reduce(0, &+) },
        count < 3 ? [] : (0..<count - 2).map { array[$0..<$0 + 3].reduce(0, &+) }, "windows", depth: depth)
      let doubled = Doubled(elements: array)
      visitor.visit(doubled.parallel(in: pool), array.flatMap { [$0, -$0] }, "doubled")
      visitor.visitUncounted(of: doubled.parallel(in: pool), array.flatMap { [$0, -$0] }, "doubled", depth: depth)
      let plain = Plain(elements: array)
      visitor.visit(plain.parallel(in: pool), array, "plain")
      visitor.visitUncounted(of: plain.parallel(in: pool), array, "plain", depth: depth)
    }
  }
}
