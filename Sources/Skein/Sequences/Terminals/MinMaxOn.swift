extension ParallelSequence where Element: Sendable {
  /// Returns the first of the elements with the smallest key, or nil if there are none. Each element's key is computed
  /// once.
  ///
  ///     words.parallel.min(on: \.count)
  ///
  /// NaN keys are treated as `min()` treats NaN elements.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) calls and comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func min<Key: Comparable & Sendable>(
    on key: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> Element? {
    try map { KeyedElement(key($0), $0) }.min()?.element
  }

  /// Like `min(on:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func min<Key: Comparable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> Element? where Failure == Never {
    try map { (element) throws(E) in KeyedElement(try key(element), element) }.min()?.element
  }

  /// Returns the first of the elements with the largest key, or nil if there are none. Each element's key is computed
  /// once.
  ///
  ///     words.parallel.max(on: \.count)
  ///
  /// NaN keys are treated as `max()` treats NaN elements.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) calls and comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func max<Key: Comparable & Sendable>(
    on key: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> Element? {
    try map { KeyedElement(key($0), $0) }.max()?.element
  }

  /// Like `max(on:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func max<Key: Comparable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> Element? where Failure == Never {
    try map { (element) throws(E) in KeyedElement(try key(element), element) }.max()?.element
  }

  /// Returns the first of the elements with the smallest key and the last of those with the largest, or nil if there
  /// are none. Each element's key is computed once.
  ///
  ///     words.parallel.minAndMax(on: \.count)
  ///
  /// NaN keys are treated as `minAndMax()` treats NaN elements.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) calls and comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func minAndMax<Key: Comparable & Sendable>(
    on key: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> (min: Element, max: Element)? {
    try map { KeyedElement(key($0), $0) }.minAndMax().map { ($0.min.element, $0.max.element) }
  }

  /// Like `minAndMax(on:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func minAndMax<Key: Comparable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> (min: Element, max: Element)? where Failure == Never {
    try map { (element) throws(E) in KeyedElement(try key(element), element) }.minAndMax().map {
      ($0.min.element, $0.max.element)
    }
  }
}
