// Terminals whose closures are passed a value, like that of `map(with:_:)`.

extension ParallelSequence {
  /// Calls a closure with each element and a value passed on to it; see `forEach(_:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func forEach<Value: Sendable>(
    with value: Value, _ body: @escaping @Sendable (Element, Value) -> Void
  ) throws(Failure) {
    try map(with: value, body).run()
  }

  /// Like `forEach(with:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func forEach<Value: Sendable, E>(
    with value: Value, _ body: @escaping @Sendable (Element, Value) throws(E) -> Void
  ) throws(E) where Failure == Never {
    try map(with: value, body).run()
  }

  /// Returns whether some element satisfies a condition, which is passed a value; see `contains(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func contains<Value: Sendable>(
    with value: Value, where isWanted: @escaping @Sendable (Element, Value) -> Bool
  ) throws(Failure) -> Bool {
    try compactMap(with: value) { isWanted($0, $1) ? true : nil }.findFirst() ?? false
  }

  /// Like `contains(with:where:)`, with a condition that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func contains<Value: Sendable, E>(
    with value: Value, where isWanted: @escaping @Sendable (Element, Value) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never {
    try map(with: value, isWanted).contains { $0 }
  }

  /// Returns whether every element satisfies a condition, which is passed a value; see `allSatisfy(_:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func allSatisfy<Value: Sendable>(
    with value: Value, _ condition: @escaping @Sendable (Element, Value) -> Bool
  ) throws(Failure) -> Bool {
    try !contains(with: value) { !condition($0, $1) }
  }

  /// Like `allSatisfy(with:_:)`, with a condition that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func allSatisfy<Value: Sendable, E>(
    with value: Value, _ condition: @escaping @Sendable (Element, Value) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never {
    try map(with: value, condition).allSatisfy { $0 }
  }

  /// Returns the number of elements that satisfy a condition, which is passed a value; see `count(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func count<Value: Sendable>(
    with value: Value, where isCounted: @escaping @Sendable (Element, Value) -> Bool
  ) throws(Failure) -> Int {
    try map(with: value) { isCounted($0, $1) ? 1 : 0 }.sum()
  }

  /// Like `count(with:where:)`, with a condition that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func count<Value: Sendable, E>(
    with value: Value, where isCounted: @escaping @Sendable (Element, Value) throws(E) -> Bool
  ) throws(E) -> Int where Failure == Never {
    try map(with: value) { (element, value) throws(E) in try isCounted(element, value) ? 1 : 0 }.sum()
  }

  /// Returns the first element in order that satisfies a condition, which is passed a value, or nil; see
  /// `first(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func first<Value: Sendable>(
    with value: Value, where isWanted: @escaping @Sendable (Element, Value) -> Bool
  ) throws(Failure) -> Element? where Element: Sendable {
    try filter(with: value, isWanted).findFirst()
  }

  /// Like `first(with:where:)`, with a condition that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func first<Value: Sendable, E>(
    with value: Value, where isWanted: @escaping @Sendable (Element, Value) throws(E) -> Bool
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try filter(with: value, isWanted).findFirst()
  }

  /// Folds the elements of each of a fixed number of blocks with a closure that is passed a value, then combines the
  /// results of neighbours; see `reduce(into:_:combine:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func reduce<Total: Sendable, Value: Sendable>(
    into initial: Total, with value: Value, _ fold: @escaping @Sendable (inout Total, Element, Value) -> Void,
    combine: @escaping @Sendable (inout Total, Total) -> Void
  ) throws(Failure) -> Total {
    try map(with: value) { ($0, $1) }.reduce(into: initial, { fold(&$0, $1.0, $1.1) }, combine: combine)
  }

  /// Like `reduce(into:with:_:combine:)`, with closures that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reduce<Total: Sendable, Value: Sendable, E>(
    into initial: Total, with value: Value,
    _ fold: @escaping @Sendable (inout Total, Element, Value) throws(E) -> Void,
    combine: @escaping @Sendable (inout Total, Total) throws(E) -> Void
  ) throws(E) -> Total where Failure == Never {
    try map(with: value) { ($0, $1) }.reduce(
      into: initial, { (total, pair) throws(E) in try fold(&total, pair.0, pair.1) }, combine: combine)
  }
}
