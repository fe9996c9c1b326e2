// Which elements are found is left open here, and so no thread need wait for the elements before its own.

extension ParallelSequence {
  /// Some element that satisfies a condition, or nil if there is none. Which one, if there are several, may differ from run to run.
  ///
  /// When one is found, all threads stop, whether they are before or behind it. So this may end much earlier than `first(where:)`.
  /// - Throws: If nothing is found, the error of the first element in order whose closures throw. What is found is the answer, even if a closure
  ///   has thrown for another element.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @inlinable
  @inline(__always)
  public func anyElement(
    where isWanted: @escaping @Sendable (Element) -> Bool
  ) throws(Failure) -> Element? where Element: Sendable {
    try filter(isWanted).findFirst(isAny: true)
  }

  /// As `anyElement(where:)`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func anyElement<E>(
    where isWanted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try filter(isWanted).findFirst(isAny: true)
  }

  /// Some element, or nil if there is none; otherwise as `anyElement(where:)`.
  @inlinable
  @inline(__always)
  public func anyElement() throws(Failure) -> Element? where Element: Sendable { try findFirst(isAny: true) }

  /// Some result of a closure that is not nil, or nil if there is none; otherwise as `anyElement(where:)`.
  @inlinable
  @inline(__always)
  public func anyNonNil<T: Sendable>(_ transform: @escaping @Sendable (Element) -> T?) throws(Failure) -> T? {
    try compactMap(transform).findFirst(isAny: true)
  }

  /// As `anyNonNil`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func anyNonNil<T: Sendable, E>(
    _ transform: @escaping @Sendable (Element) throws(E) -> T?
  ) throws(E) -> T? where Failure == Never {
    try compactMap(transform).findFirst(isAny: true)
  }
}
