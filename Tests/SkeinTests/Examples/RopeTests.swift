import Skein
import Testing

/// A text in pieces, as an editor keeps it: a third-party sequence that becomes a parallel source.
private struct Rope: Sequence, DivisibleSequence {
  let pieces: [String]

  /// A piece is a position: what a loop divides.
  var positionCount: Int { pieces.count }

  func elements(at positions: Range<Int>) -> FlattenSequence<ArraySlice<String>> { pieces[positions].joined() }

  func makeIterator() -> FlattenSequence<[String]>.Iterator { pieces.joined().makeIterator() }
}

/// And one that a parallel chain is collected into: each piece of the loop fills a piece of the rope.
extension Rope {
  init<Chain: ParallelSequence>(_ characters: Chain) throws(Chain.Failure) where Chain.Element == Character {
    let strings = try characters.reduceByPiece(into: [""]) { strings, character in
      strings[strings.count - 1].append(character)
    } combine: { left, right in
      left += right
    }
    pieces = strings
  }
}

@Suite struct RopeTests {
  private let rope = Rope(pieces: (0..<1000).map { "piece \($0)\n" })

  @Test func aRopeIsAParallelSource() {
    let text = rope.pieces.joined()
    #expect(rope.parallel.count { $0 == "\n" } == 1000)
    #expect(String(rope.parallel) == text)
    #expect(rope.parallel.first { $0.isNumber } == "0")
    #expect(String(rope.parallel(maximumBatch: 1).filter { $0.isNumber }) == text.filter(\.isNumber))
  }

  @Test func aRopeIsCollectedInto() {
    let shouted = Rope(rope.parallel.map { Character($0.uppercased()) })
    #expect(shouted.pieces.joined() == rope.pieces.joined().uppercased())
  }

  /// Which way it is processed would be ambiguous otherwise.
  @Test func aCollectionMayBeDivisibleAsWell() {
    struct Both: RandomAccessCollection, DivisibleSequence {
      var startIndex: Int { 0 }
      var endIndex: Int { 100 }
      subscript(position: Int) -> Int { position }
      var positionCount: Int { 10 }
      func elements(at positions: Range<Int>) -> Range<Int> { positions.lowerBound * 10..<positions.upperBound * 10 }
    }
    #expect(Array(Both().parallel) == Array(0..<100))
    #expect(Both().parallel(maximumBatch: 1).sum() == 4950)
    let divided: ParallelDivided<Both> = Both().parallel
    #expect(divided.positionCount == 10)
  }
}
