import Skein
import Testing

/// Runs every terminal on each chain and compares it with the sequential answer.
struct TerminalTable: ChainVisitor {
  func visit<Chain: ParallelSequence>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    let comment = Comment(rawValue: name)
    #expect(Array(chain) == expected, comment)
    #expect(chain.count() == expected.count, comment)
    #expect(chain.count { $0 & 4 == 0 } == expected.count { $0 & 4 == 0 }, comment)
    #expect(chain.map { $0 & 0xff }.sum() == expected.reduce(0) { $0 + $1 & 0xff }, comment)
    #expect(chain.min() == expected.min(), comment)
    #expect(chain.max() == expected.max(), comment)
    #expect(chain.max { $0 & 7 < $1 & 7 } == expected.max { $0 & 7 < $1 & 7 }, comment)
    #expect(chain.first { $0 & 3 == 2 } == expected.first { $0 & 3 == 2 }, comment)
    #expect(chain.contains { $0 > 40 } == expected.contains { $0 > 40 }, comment)
    #expect(chain.allSatisfy { $0 < 40 } == expected.allSatisfy { $0 < 40 }, comment)
    #expect(chain.reduce { $1 } == expected.last, comment)
    #expect(chain.reduce { left, _ in left } == expected.first, comment)
    #expect(
      chain.reduce(into: []) {
        $0.append($1)
      } combine: {
        $0 += $1
      } == expected, comment)
    let seen = Counter()
    chain.forEach { _ in seen.add() }
    #expect(seen.value == expected.count, comment)
  }

  func visit<Chain: ParallelCollection>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    #expect(chain.count == expected.count, Comment(rawValue: name))
    visit(AsSequence(base: chain), expected, name)
    #expect(Array(chain) == expected, Comment(rawValue: name))
    #expect(chain.map { $0 & 0xff }.sum() == expected.reduce(0) { $0 + $1 & 0xff }, Comment(rawValue: name))
  }
}

/// A parallel collection that has forgotten its count.
struct AsSequence<Base: ParallelSequence>: ParallelAdaptor {
  typealias Element = Base.Element
  typealias Failure = Base.Failure
  let base: Base

  func lendClosures() -> ClosureLender { base.lendClosures() }

  static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    unsafe Base.forEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: fail)
  }
}
