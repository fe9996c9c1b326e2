import Skein
import Testing

/// How often each value of a byte comes: a third-party container that a parallel chain is collected into.
private struct Histogram: Equatable, Sendable {
  private(set) var counts = [Int](repeating: 0, count: 256)

  init() {}

  mutating func add(_ value: UInt8) { counts[Int(value)] += 1 }

  mutating func add(_ other: Histogram) {
    for value in counts.indices { counts[value] += other.counts[value] }
  }

  /// Counting is exact, so it does not matter how the elements are grouped.
  init<Chain: ParallelSequence>(_ values: Chain) throws(Chain.Failure) where Chain.Element == UInt8 {
    self = try values.reduceByPiece(into: Histogram()) {
      $0.add($1)
    } combine: {
      $0.add($1)
    }
  }
}

@Suite struct HistogramTests {
  @Test func aHistogramIsCollectedInto() {
    let values = (0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }
    var expected = Histogram()
    for value in values { expected.add(value) }
    #expect(Histogram(values.parallel) == expected)
    #expect(Histogram(values.parallel.filter { $0 > 7 }).counts.reduce(0, +) == values.count { $0 > 7 })
  }
}
