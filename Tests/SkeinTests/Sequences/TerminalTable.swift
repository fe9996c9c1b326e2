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
private struct AsSequence<Base: ParallelSequence>: ParallelAdaptor {
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

/// Asks the leaf of each chain for every range of positions, and for the element at each, without a loop.
struct SplitTable: ChainVisitor {
  func visit<Chain: ParallelSequence>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    if Chain.isSupplied { return }
    let comment = Comment(rawValue: name)
    unsafe chain.withSource { source in
      let lend = chain.lendClosures()
      lend { closures in
        func elements(_ positions: Range<Int>) -> [Int] {
          var found: [Int] = []
          let isComplete = unsafe Chain.forEachElement(
            from: source, at: positions, closures: closures, state: &found,
            receive: {
              $1.append($0)
              return true
            }, fail: { _, _ in })
          #expect(isComplete, comment)
          return found
        }
        let count = chain.positionCount
        #expect(elements(0..<count) == expected, comment)
        for start in 0...count {
          for end in start...count {
            let whole = elements(start..<end)
            if let known = chain.knownCount {
              #expect(known == count && whole == Array(expected[start..<end]), comment)
            }
            for middle in [start, (start + end) / 2, end] {
              #expect(elements(start..<middle) + elements(middle..<end) == whole, comment)
            }
            // The leaf stops when it is told to.
            var left = whole.count / 2
            var met = 0
            _ = unsafe Chain.forEachElement(
              from: source, at: start..<end, closures: closures, state: &met,
              receive: { _, met in
                met += 1
                left -= 1
                return left > 0
              }, fail: { _, _ in })
            #expect(met == min(whole.count, max(1, whole.count / 2)), comment)
          }
        }
      }
    }
  }

  func visit<Chain: ParallelCollection>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    let asked: [Int] = unsafe chain.withSource { source in
      var elements: [Int] = []
      let lend = chain.lendClosures()
      lend { closures in
        for position in 0..<chain.positionCount {
          elements.append(unsafe Chain.element(at: position, from: source, closures: closures))
        }
      }
      return elements
    }
    #expect(asked == expected, Comment(rawValue: name))
    visit(AsSequence(base: chain), expected, name)
  }
}
