// Pairs with the labels of a dictionary's own elements.
//
// The standard library has one initialiser for each of these labels, and the compiler then converts `(key: a, value: b)`
// to `(a, b)`. Where there are several, as there are with Skein, it does not. So each has a form here for pairs with
// labels: of a plain sequence, so that code which compiles without Skein compiles with it; and of a parallel one. They
// are disfavoured, since the compiler then tries them only if no other form fits: all other code compiles as fast as before.

extension Dictionary {
  /// Creates a dictionary from key–value pairs whose keys are distinct, as the standard library's form for pairs without labels does.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public init<S: Sequence>(uniqueKeysWithValues keysAndValues: S) where S.Element == (key: Key, value: Value) {
    self.init(uniqueKeysWithValues: keysAndValues.lazy.map { ($0.key, $0.value) })
  }

  /// Creates a dictionary from key–value pairs, as the standard library's form for pairs without labels does.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public init<S: Sequence>(
    _ keysAndValues: S, uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows where S.Element == (key: Key, value: Value) {
    try self.init(keysAndValues.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: combine)
  }

  /// Adds key–value pairs, as the standard library's form for pairs without labels does.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public mutating func merge<S: Sequence>(
    _ keysAndValues: S, uniquingKeysWith combine: (Value, Value) throws -> Value
  ) rethrows where S.Element == (key: Key, value: Value) {
    try merge(keysAndValues.lazy.map { ($0.key, $0.value) }, uniquingKeysWith: combine)
  }
}

extension Dictionary where Key: Sendable, Value: Sendable {
  /// Creates a dictionary from the elements of a parallel sequence, whose keys are distinct, as the form for pairs without labels does.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public init<P: ParallelSequence>(uniqueKeysWithValues keysAndValues: borrowing P) throws(P.Failure)
  where P.Element == (key: Key, value: Value) {
    self = try Dictionary(uniqueKeysWithValues: (copy keysAndValues).map { ($0.key, $0.value) })
  }

  /// Creates a dictionary from the elements of a parallel sequence, as the form for pairs without labels does.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public init<P: ParallelSequence>(
    _ keysAndValues: borrowing P, uniquingKeysWith combine: @escaping @Sendable (Value, Value) -> Value
  ) throws(P.Failure) where P.Element == (key: Key, value: Value) {
    self = try Dictionary((copy keysAndValues).map { ($0.key, $0.value) }, uniquingKeysWith: combine)
  }

  /// Adds the elements of a parallel sequence, as the form for pairs without labels does.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public mutating func merge<P: ParallelSequence>(
    _ keysAndValues: borrowing P, uniquingKeysWith combine: (Value, Value) -> Value
  ) throws(P.Failure) where P.Element == (key: Key, value: Value) {
    try merge((copy keysAndValues).map { ($0.key, $0.value) }, uniquingKeysWith: combine)
  }
}
