// These searches may return any match, so no thread need wait for the elements before its own.

extension ParallelSequence {
  /// Returns some element that satisfies a condition, or nil if there is none. If there are several, the result may
  /// differ from run to run.
  ///
  /// When one is found, all threads stop, whether they are before or behind it. So this may end much earlier than
  /// `first(where:)`.
  /// - Throws: If nothing is found, the error of the first element in order whose closures throw. An element that is
  ///   found is returned even if a closure has thrown for another element.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func anyElement(
    where isWanted: @escaping @Sendable (Element) -> Bool
  ) throws(Failure) -> Element? where Element: Sendable {
    try filter(isWanted).findFirst(isAny: true)
  }

  /// Like `anyElement(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func anyElement<E>(
    where isWanted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try filter(isWanted).findFirst(isAny: true)
  }

  /// Returns some element, or nil if there is none; otherwise like `anyElement(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func anyElement() throws(Failure) -> Element? where Element: Sendable { try findFirst(isAny: true) }

  /// Returns some non-nil result of a closure, or nil if there is none; otherwise like `anyElement(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func anyNonNil<T: Sendable>(_ transform: @escaping @Sendable (Element) -> T?) throws(Failure) -> T? {
    try compactMap(transform).findFirst(isAny: true)
  }

  /// Like `anyNonNil`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func anyNonNil<T: Sendable, E>(
    _ transform: @escaping @Sendable (Element) throws(E) -> T?
  ) throws(E) -> T? where Failure == Never {
    try compactMap(transform).findFirst(isAny: true)
  }
}
