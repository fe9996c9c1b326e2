extension Array {
  /// The elements of a parallel sequence, in order.
  ///
  /// If their number is known, each is written straight to its place; otherwise every piece of the loop gathers its own, and they
  /// are moved once at the end, in parallel when they are many.
  ///
  /// - Throws: The error of the first element in order whose closures throw. What was made until then is destroyed.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls.
  // Borrowed: an argument that an initialiser owns lives in memory, where the optimiser loses sight of the chain's closures.
  @inlinable
  @inline(__always)
  public init<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure)
  where P.Element == Element, Element: Sendable {
    self =
      if let count = elements.knownCount {
        try elements.collectInPlace(count: count)
      } else {
        try elements.gather()
      }
  }

  /// Appends the elements of a parallel sequence, in order.
  /// - Throws: As `init(_:)`; then the array is as before.
  @inlinable
  public mutating func append<P: ParallelSequence>(
    contentsOf elements: P
  ) throws(P.Failure) where P.Element == Element, Element: Sendable {
    let new = try Array(elements)
    if isEmpty { self = new } else { append(contentsOf: new) }
  }
}
