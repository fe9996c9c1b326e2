import Skein
import Testing

/// Runs the terminals that search, gather, group or collect on each chain and compares them with the sequential answer.
struct GatheringTable: ChainVisitor {
  func visit<Chain: ParallelSequence>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    search(chain, expected, name)
    fold(chain, expected, name)
    gather(chain, expected, name)
    collect(chain, expected, name)
  }

  func visit<Chain: ParallelCollection>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    visit(AsSequence(base: chain), expected, name)
    // What a collection does in another way, or it alone.
    expectEqual(chain.last { $0 & 3 == 2 }, expected.last { $0 & 3 == 2 }, "last(where:) of \(name)")
    expectEqual(chain.first(), expected.first, "first of \(name)")
    expectEqual(chain.last(), expected.last, "last of \(name)")
    expectEqual(chain.firstIndex { $0 & 3 == 2 }, expected.firstIndex { $0 & 3 == 2 }, "firstIndex of \(name)")
    expectEqual(chain.lastIndex { $0 & 3 == 2 }, expected.lastIndex { $0 & 3 == 2 }, "lastIndex of \(name)")
    let any = chain.anyIndex { $0 & 3 == 2 }
    let isThere =
      if let any { any < expected.count && expected[any] & 3 == 2 } else { expected.allSatisfy { $0 & 3 != 2 } }
    if !isThere { Issue.record("anyIndex of \(name): \(String(describing: any)) in \(expected)") }
    expectPairs(chain.map { ($0, ~$0) }.unzipped(), (expected, expected.map { ~$0 }), "unzipped \(name)")
    let sums = expected.reduce(into: [Int]()) { $0.append(($0.last ?? 0) &+ $1) }
    expectEqual(chain.reductions { $0 &+ $1 }, sums, "sums of \(name)")
  }

  private func search<Chain: ParallelSequence>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    expectEqual(chain.last { $0 & 3 == 2 }, expected.last { $0 & 3 == 2 }, "last(where:) of \(name)")
    expectEqual(chain.last(), expected.last, "last of \(name)")
    expectEqual(chain.first(), expected.first, "first of \(name)")
    expectEqual(
      chain.firstNonNil { $0 & 1 == 0 ? nil : ~$0 }, expected.first { $0 & 1 != 0 }.map { ~$0 },
      "firstNonNil of \(name)")
    expectEqual(
      chain.lastNonNil { $0 & 1 == 0 ? nil : ~$0 }, expected.last { $0 & 1 != 0 }.map { ~$0 }, "lastNonNil of \(name)")
    let wanted = expected.filter { $0 & 3 == 2 }
    let any = chain.anyElement { $0 & 3 == 2 }
    let isThere = if let any { wanted.contains(any) } else { wanted.isEmpty }
    if !isThere { Issue.record("anyElement of \(name): \(String(describing: any)) in \(expected)") }
    let ends = chain.minAndMax()
    expectEqual(ends?.min, expected.min(), "minimum of \(name)")
    expectEqual(ends?.max, expected.max(), "maximum of \(name)")
    // The first of several least ones, and the last of several greatest.
    let byRule = chain.minAndMax { $0 & 7 < $1 & 7 }
    expectEqual(byRule?.min, expected.min { $0 & 7 < $1 & 7 }, "minimum by a rule of \(name)")
    let greatest = expected.map { $0 & 7 }.max()
    expectEqual(byRule?.max, expected.last { $0 & 7 == greatest }, "maximum by a rule of \(name)")
  }

  private func fold<Chain: ParallelSequence>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    expectEqual(chain.reduce(-5) { $0 &* $1 }, expected.reduce(-5, &*), "product that wraps of \(name)")
    expectEqual(chain.reduce(77) { _, right in right }, expected.last ?? 77, "last of \(name) after another")
    let factors = [1, -1, 2, -1]
    expectEqual(
      chain.map { $0 & 1 == 0 ? 1 : -1 }.product(), expected.reduce(1) { $1 & 1 == 0 ? $0 : -$0 }, "product of \(name)")
    expectEqual(
      chain.map { Double(factors[$0 & 3]) }.product(), expected.reduce(1) { $0 * Double(factors[$1 & 3]) },
      "product of floating-point numbers of \(name)")
    // Multiplication of matrices of one row and an affine map: associative, not commutative.
    let maps = expected.map { Affine(factor: $0 | 1, term: $0) }
    var (running, all) = (Affine(factor: 1, term: 0), [Affine]())
    for map in maps {
      running = running.then(map)
      all.append(running)
    }
    let parallel = chain.map { Affine(factor: $0 | 1, term: $0) }
    expectEqual(parallel.reductions { $0.then($1) }, all, "reductions of \(name)")
    let start = Affine(factor: 3, term: 4)
    expectEqual(parallel.reduce(start) { $0.then($1) }, start.then(running), "maps of \(name)")
    expectEqual(parallel.reductions(start) { $0.then($1) }, [start] + all.map(start.then), "reductions of \(name)")
  }

  private func gather<Chain: ParallelSequence>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    expectPairs(chain.map { ($0, ~$0) }.unzipped(), (expected, expected.map { ~$0 }), "unzipped \(name)")
    let (falses, trues) = chain.partitioned { $0 & 2 == 0 }
    expectPairs(
      (falses, trues), (expected.filter { $0 & 2 != 0 }, expected.filter { $0 & 2 == 0 }), "partitioned \(name)")
    expectEqual(chain.grouped { $0 & 3 }, Dictionary(grouping: expected) { $0 & 3 }, "grouped \(name)")
  }

  private func collect<Chain: ParallelSequence>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never {
    expectEqual(Set(chain), Set(expected), "set of \(name)")
    expectEqual(ContiguousArray(chain), ContiguousArray(expected), "contiguous array of \(name)")
    expectEqual(
      Dictionary(chain.map { ($0 & 7, $0) }) { first, _ in first },
      Dictionary(expected.map { ($0 & 7, $0) }) { first, _ in first }, "dictionary of \(name)")
    expectEqual(
      Dictionary(chain.map { ($0 & 7, [$0]) }) { $0 + $1 }, Dictionary(expected.map { ($0 & 7, [$0]) }) { $0 + $1 },
      "dictionary of lists of \(name)")
    @Sendable func letter(_ number: Int) -> Unicode.Scalar { Unicode.Scalar(UInt8(97 + number & 15)) }
    let letters = String(String.UnicodeScalarView(expected.map(letter)))
    expectEqual(String(chain.map(letter)), letters, "text of scalars of \(name)")
    expectEqual(String(chain.map { Character(letter($0)) }), letters, "text of characters of \(name)")
    expectEqual(String(chain.map { "\($0) " }), expected.map { "\($0) " }.joined(), "text of texts of \(name)")
  }

  private func expectPairs(_ found: ([Int], [Int]), _ expected: ([Int], [Int]), _ name: String) {
    expectEqual(found.0, expected.0, "first of \(name)")
    expectEqual(found.1, expected.1, "second of \(name)")
  }
}

/// A map from a number to a multiple of it and a term, modulo 2⁶⁴.
private struct Affine: Equatable {
  let factor: Int
  let term: Int

  func then(_ next: Affine) -> Affine {
    Affine(factor: factor &* next.factor, term: term &* next.factor &+ next.term)
  }
}
