extension ParallelCollection {
  /// Returns a parallel sequence of each element paired with its successor; empty if there are fewer than two elements.
  ///
  ///     let hasEqualNeighbours = words.parallel.adjacentPairs().contains { $0.0 == $0.1 }
  ///
  /// The closures of this chain are called twice for each element but the first and the last.
  /// - Precondition: The number of elements is known, as for `count`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func adjacentPairs() -> ParallelZip<ParallelPart<Self>, ParallelPart<Self>> {
    zip(dropLast(), dropFirst())
  }
}
