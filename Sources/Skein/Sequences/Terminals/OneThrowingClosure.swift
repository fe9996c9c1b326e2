// Forms of terminals with two closures of which one throws a certain type of error and the other nothing. The compiler
// does not infer that the latter may be taken for a closure that throws this type.

extension ParallelSequence where Failure == Never {
  /// Like `reduce(into:_:combine:)`, with a fold that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reduce<Value: Sendable, E>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) throws(E) -> Void,
    combine: @escaping @Sendable (inout Value, Value) -> Void
  ) throws(E) -> Value {
    try reduce(into: initial, fold) { (left, right) throws(E) in combine(&left, right) }
  }

  /// Like `reduceByPiece(into:_:combine:)`, with a fold that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reduceByPiece<Value: Sendable, E>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) throws(E) -> Void,
    combine: @escaping @Sendable (inout Value, Value) -> Void
  ) throws(E) -> Value {
    try reduceByPiece(into: initial, fold) { (left, right) throws(E) in combine(&left, right) }
  }
}

extension ParallelSpanned {
  /// Like `reduceSpans(into:_:combine:)`, with a fold that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func reduceSpans<Value: Sendable, E>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Span<Element>, Int) throws(E) -> Void,
    combine: @escaping @Sendable (inout Value, Value) -> Void
  ) throws(E) -> Value {
    try reduceSpans(into: initial, fold) { (left, right) throws(E) in combine(&left, right) }
  }
}
