// Terminals whose closures are handed a value, as those of `map(with:_:)` are.

extension ParallelSequence {
  /// Calls a closure, which is handed a value, with each element; see `forEach(_:)`.
  @inlinable
  @inline(__always)
  public func forEach<Value: Sendable>(
    with value: Value, _ body: @escaping @Sendable (Element, Value) -> Void
  ) throws(Failure) {
    try map(with: value, body).run()
  }

  /// As `forEach(with:_:)`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func forEach<Value: Sendable, E>(
    with value: Value, _ body: @escaping @Sendable (Element, Value) throws(E) -> Void
  ) throws(E) where Failure == Never {
    try map(with: value, body).run()
  }

  /// Whether some element satisfies a condition, which is handed a value; see `contains(where:)`.
  @inlinable
  @inline(__always)
  public func contains<Value: Sendable>(
    with value: Value, where isWanted: @escaping @Sendable (Element, Value) -> Bool
  ) throws(Failure) -> Bool {
    try compactMap(with: value) { isWanted($0, $1) ? true : nil }.findFirst() ?? false
  }

  /// As `contains(with:where:)`, with a condition that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func contains<Value: Sendable, E>(
    with value: Value, where isWanted: @escaping @Sendable (Element, Value) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never {
    try map(with: value, isWanted).contains { $0 }
  }

  /// Whether every element satisfies a condition, which is handed a value; see `allSatisfy(_:)`.
  @inlinable
  @inline(__always)
  public func allSatisfy<Value: Sendable>(
    with value: Value, _ condition: @escaping @Sendable (Element, Value) -> Bool
  ) throws(Failure) -> Bool {
    try !contains(with: value) { !condition($0, $1) }
  }

  /// As `allSatisfy(with:_:)`, with a condition that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func allSatisfy<Value: Sendable, E>(
    with value: Value, _ condition: @escaping @Sendable (Element, Value) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never {
    try map(with: value, condition).allSatisfy { $0 }
  }

  /// The number of elements that satisfy a condition, which is handed a value; see `count(where:)`.
  @inlinable
  @inline(__always)
  public func count<Value: Sendable>(
    with value: Value, where isCounted: @escaping @Sendable (Element, Value) -> Bool
  ) throws(Failure) -> Int {
    try map(with: value) { isCounted($0, $1) ? 1 : 0 }.sum()
  }

  /// As `count(with:where:)`, with a condition that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func count<Value: Sendable, E>(
    with value: Value, where isCounted: @escaping @Sendable (Element, Value) throws(E) -> Bool
  ) throws(E) -> Int where Failure == Never {
    try map(with: value) { (element, value) throws(E) in try isCounted(element, value) ? 1 : 0 }.sum()
  }

  /// The first element in order that satisfies a condition, which is handed a value, or nil; see `first(where:)`.
  @inlinable
  @inline(__always)
  public func first<Value: Sendable>(
    with value: Value, where isWanted: @escaping @Sendable (Element, Value) -> Bool
  ) throws(Failure) -> Element? where Element: Sendable {
    try filter(with: value, isWanted).findFirst()
  }

  /// As `first(with:where:)`, with a condition that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func first<Value: Sendable, E>(
    with value: Value, where isWanted: @escaping @Sendable (Element, Value) throws(E) -> Bool
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try filter(with: value, isWanted).findFirst()
  }

  /// Folds the elements of each of a fixed number of blocks by a closure that is handed a value, then combines what neighbours have come
  /// to; see `reduce(into:_:combine:)`.
  @inlinable
  @inline(__always)
  public func reduce<Total: Sendable, Value: Sendable>(
    into initial: Total, with value: Value, _ fold: @escaping @Sendable (inout Total, Element, Value) -> Void,
    combine: @escaping @Sendable (inout Total, Total) -> Void
  ) throws(Failure) -> Total {
    try map(with: value) { ($0, $1) }.reduce(into: initial, { fold(&$0, $1.0, $1.1) }, combine: combine)
  }

  /// As `reduce(into:with:_:combine:)`, with closures that may throw.
  @inlinable
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
