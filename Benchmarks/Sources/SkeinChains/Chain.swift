/// What the chains work on.
struct Input: Sendable {
  let numbers: [Int]
  let doubles: [Double]
  let narrow: [Int32]
  /// Nobody knows them when this is compiled.
  let factor: Int
  let weights: [Int]
  let scale: Double

  init(count: Int, factor: Int) {
    numbers = Array(repeating: 5, count: count)
    doubles = Array(repeating: 5, count: count)
    narrow = Array(repeating: 5, count: count)
    self.factor = factor
    weights = [1, factor, 3, factor]
    scale = Double(factor)
  }
}

/// A computation, written in several ways.
struct Chain {
  typealias Run = @Sendable (Input) -> Int

  let name: String
  /// The ways, by the columns of the table.
  let ways: [(column: Column, run: Run)]

  enum Column: String, CaseIterable {
    /// A loop written by hand.
    case loop
    /// The same chain with `lazy` in the place of `parallel`.
    case lazy
    /// The parallel chain.
    case chain
    /// The parallel chain whose closures are handed their values.
    case with
    /// The chain in one closure, which is run on each batch.
    case batch
    /// A loop over spans.
    case spans
  }

  init(
    _ name: String, loop: Run? = nil, lazy: Run? = nil, chain: Run? = nil, with: Run? = nil,
    batch: Run? = nil, spans: Run? = nil
  ) {
    self.name = name
    ways = zip(Column.allCases, [loop, lazy, chain, with, batch, spans]).compactMap { column, run in
      run.map { (column, $0) }
    }
  }
}

/// Uses a result, so that it is computed.
@inline(never)
func use<Value>(_ value: Value) {}
