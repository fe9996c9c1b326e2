import Skein
import Testing

/// Asks the leaf of each chain for every range of positions, and for the element at each, without a loop.
struct SplitTable: ChainVisitor {
  func visit<Chain: ParallelSequence>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    if Chain.isSupplied { return }
    unsafe chain.withSource { source in
      let lend = chain.lendClosures()
      lend { closures in
        func elements(_ positions: Range<Int>, upTo limit: Int = .max) -> [Int] {
          var found: [Int] = []
          let isComplete = unsafe Chain.forEachElement(
            from: source, at: positions, closures: closures, state: &found,
            receive: {
              $1.append($0)
              return $1.count < limit
            }, fail: { _, _ in })
          // The leaf stops when it is told to, and then only.
          if found.count < limit && !isComplete || found.count > limit {
            Issue.record("\(name) gives \(found) at \(positions) instead of \(limit) elements")
          }
          return found
        }
        let count = chain.positionCount
        // The elements from the positions before each. If every range gives exactly those between, then for all i ≤ j ≤ k what comes from
        // i..<j and from j..<k is together what comes from i..<k.
        var ends = [0]
        for position in 0..<count { ends.append(ends.last! + elements(position..<position + 1).count) }
        if ends.last != expected.count || chain.knownCount.map({ $0 != count || ends != Array(0...count) }) ?? false {
          _ = Issue.record("\(name) gives \(ends) elements, of which \(expected.count) are expected")
          return
        }
        func check(_ start: Int, _ end: Int) {
          let whole = expected[ends[start]..<ends[end]]
          let found = elements(start..<end)
          if found[...] != whole { Issue.record("\(name) gives \(found) at \(start)..<\(end) instead of \(whole)") }
        }
        for start in 0...count { for end in start...count { check(start, end) } }
        // Again in another order, and stopped after each element: nothing of what came before is remembered.
        for start in (0...count).reversed() {
          for end in (start...count).reversed() {
            check(start, end)
            let whole = expected[ends[start]..<ends[end]]
            guard !whole.isEmpty else { continue }
            for limit in count <= 9 ? Array(1...whole.count) : [(whole.count + 1) / 2] {
              let found = elements(start..<end, upTo: limit)
              if found[...] != whole.prefix(limit) { Issue.record("\(name) gives \(found) up to \(limit) of \(whole)") }
            }
          }
        }
      }
    }
  }

  func visit<Chain: ParallelCollection>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    expectEqual(chain.elementsByPosition, expected, "elements by position of \(name)")
    visit(AsSequence(base: chain), expected, name)
    let reversed = chain.reversed()
    expectEqual(reversed.elementsByPosition, expected.reversed(), "elements by position of \(name), reversed")
    visit(AsSequence(base: reversed), expected.reversed(), "\(name), reversed")
  }
}
