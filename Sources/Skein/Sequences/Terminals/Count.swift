extension ParallelSequence {
  /// Returns the number of elements that satisfy a condition.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func count(where isCounted: @escaping @Sendable (Element) -> Bool) throws(Failure) -> Int {
    try map { isCounted($0) ? 1 : 0 }.sum()
  }

  /// Like `count(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func count<E>(
    where isCounted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Int where Failure == Never {
    try map { (element) throws(E) in try isCounted(element) ? 1 : 0 }.sum()
  }

  /// Returns the number of elements, running the whole chain if it is not known beforehand.
  /// - Throws: The error of the first element in order whose closures throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func count() throws(Failure) -> Int { try map { _ in 1 }.sum() }
}
