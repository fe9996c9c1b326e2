import Skein
import Testing

/// A counted source of one's own, which is no collection, by what is public.
@Suite struct CountedSourceTests {
  /// The terms of a linear congruential sequence, each computed from its number.
  private struct Terms: ParallelCollection {
    typealias Element = UInt64

    let seed: UInt64
    let positionCount: Int
    var plan = LoopPlan()

    var knownCount: Int? { positionCount }
    func lendClosures() -> ClosureLender { { $0(LentClosures()) } }
    func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
      unsafe withUnsafePointer(to: seed) { unsafe body(UnsafeRawPointer($0)) }
    }

    static func element(
      at position: Int, from source: UnsafeRawPointer, closures: LentClosures
    ) -> UInt64 {
      unsafe (source.load(as: UInt64.self) &+ UInt64(position)) &* 6_364_136_223_846_793_005
    }

    static func forEachElement<State>(
      from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
      receive: (UInt64, inout State) -> Bool, fail: (Never, inout State) -> Void
    ) -> Bool {
      for position in positions {
        if unsafe !receive(element(at: position, from: source, closures: closures), &state) { return false }
      }
      return true
    }
  }

  @Test func isLikeAnyOther() {
    let terms = Terms(seed: 5, positionCount: 10_000)
    let expected = (0..<10_000).map { (5 &+ UInt64($0)) &* 6_364_136_223_846_793_005 }
    #expect(Array(terms) == expected)
    #expect(Array(terms.reversed()) == expected.reversed())
    let sums = Array(zip(terms, (0..<10_000).parallel).map { $0 &+ UInt64($1) })
    #expect(sums == (0..<10_000).map { expected[$0] &+ UInt64($0) })
    #expect(Array(terms.batched(maximum: 3).filter { $0 % 3 == 0 }) == expected.filter { $0 % 3 == 0 })
    #expect(terms.firstIndex { $0 == expected[1234] } == 1234)
  }
}
