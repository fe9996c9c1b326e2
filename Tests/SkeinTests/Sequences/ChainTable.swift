import Skein

/// Whatever is to be checked of each chain of adaptors.
protocol ChainVisitor {
  /// - Parameter expected: The elements that the sequential chain would give.
  func visit<Chain: ParallelSequence>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never
  func visit<Chain: ParallelCollection>(_ chain: Chain, _ expected: [Int], _ name: String)
  where Chain.Element == Int, Chain.Failure == Never
}

extension ChainVisitor {
  /// Visits a chain of known count, and each chain that up to `depth` further adaptors make of it.
  func visitChains<Chain: ParallelCollection>(of chain: Chain, _ expected: [Int], _ name: String, depth: Int)
  where Chain.Element == Int, Chain.Failure == Never {
    visit(chain, expected, name)
    if depth == 0 { return }
    func next<Longer: ParallelCollection>(_ longer: Longer, _ expected: [Int], _ step: String)
    where Longer.Element == Int, Longer.Failure == Never {
      visitChains(of: longer, expected, "\(name).\(step)", depth: depth - 1)
    }
    let reversed = Array(expected.reversed())
    next(chain.map { $0 &* 3 }, expected.map { $0 &* 3 }, "map")
    next(
      chain.enumerated().map { $0.offset ^ $0.element }, expected.enumerated().map { $0.offset ^ $0.element },
      "enumerated")
    next(chain.reversed(), reversed, "reversed")
    for step in [1, 2, 5] {
      next(
        chain.striding(by: step), stride(from: 0, to: expected.count, by: step).map { expected[$0] },
        "striding(\(step))")
    }
    for count in [0, 1, 4, 1000] {
      next(chain.prefix(count), Array(expected.prefix(count)), "prefix(\(count))")
      next(chain.suffix(count), Array(expected.suffix(count)), "suffix(\(count))")
      next(chain.dropFirst(count), Array(expected.dropFirst(count)), "dropFirst(\(count))")
      next(chain.dropLast(count), Array(expected.dropLast(count)), "dropLast(\(count))")
    }
    next(
      zip(chain, chain.reversed().dropLast()).map { $0 &* 31 &+ $1 },
      Swift.zip(expected, reversed.dropLast()).map { $0 &* 31 &+ $1 }, "zip")
    next(Skein.chain(chain, chain.map { ~$0 }), expected + expected.map { ~$0 }, "chain")
    let half = Array(expected.prefix(expected.count / 2))
    next(
      chain.interleaved(with: chain.prefix(expected.count / 2)),
      expected.indices.flatMap { $0 < half.count ? [expected[$0], half[$0]] : [expected[$0]] }, "interleaved")
    next(
      chain.prefix(expected.count / 2).interleaved(with: chain),
      expected.indices.flatMap { $0 < half.count ? [half[$0], expected[$0]] : [expected[$0]] },
      "interleaved with longer")
    next(chain.interspersed(with: -7), Array(expected.map { [$0] }.joined(separator: [-7])), "interspersed")
    for count in [1, 3, 1000] {
      let chunks = stride(from: 0, to: expected.count, by: count).map {
        expected[$0..<min(expected.count, $0 + count)].reduce(17) { $0 &* 31 &+ $1 }
      }
      next(chain.chunks(ofCount: count).map { $0.reduce(17) { $0 &* 31 &+ $1 } }, chunks, "chunks(\(count))")
      next(chain.foldChunks(ofCount: count, into: 17) { $0 = $0 &* 31 &+ $1 }, chunks, "foldChunks(\(count))")
    }
    next(chain.batched(minimum: 2, maximum: 3), expected, "batched")
    next(chain.inBlocks(ofCount: 3), expected, "inBlocks")
    next(chain.inGrowingBlocks(), expected, "inGrowingBlocks")
    visitUncounted(of: chain, expected, name, depth: depth)
  }

  /// Visits each chain of unknown count that up to `depth` further adaptors make of a chain.
  func visitUncounted<Chain: ParallelSequence>(of chain: Chain, _ expected: [Int], _ name: String, depth: Int)
  where Chain.Element == Int, Chain.Failure == Never {
    if depth == 0 { return }
    func next<Longer: ParallelSequence>(_ longer: Longer, _ expected: [Int], _ step: String)
    where Longer.Element == Int, Longer.Failure == Never {
      visit(longer, expected, "\(name).\(step)")
      visitUncounted(of: longer, expected, "\(name).\(step)", depth: depth - 1)
    }
    next(chain.map { $0 &+ 1 }, expected.map { $0 &+ 1 }, "map")
    next(chain.filter { $0 & 1 == 0 }, expected.filter { $0 & 1 == 0 }, "filter")
    next(
      chain.compactMap { $0 % 3 == 0 ? nil : $0 / 2 }, expected.compactMap { $0 % 3 == 0 ? nil : $0 / 2 }, "compactMap")
    next(
      chain.flatMap { repeatElement($0, count: $0 & 3) }, expected.flatMap { repeatElement($0, count: $0 & 3) },
      "flatMap")
    next(chain.map { [$0, 1] }.joined(), Array(expected.map { [$0, 1] }.joined()), "joined")
    next(chain.unordered.prefix(.max), expected, "unordered.prefix")
    next(chain.unordered.dropFirst(0), expected, "unordered.dropFirst")
    next(chain.unordered.prefix { _ in true }, expected, "unordered.prefix(while:)")
    next(chain.unordered.drop { _ in false }, expected, "unordered.drop(while:)")
    if !Chain.isSupplied {
      next(Skein.chain(chain, chain.filter { $0 > 3 }), expected + expected.filter { $0 > 3 }, "chain")
    }
  }
}
