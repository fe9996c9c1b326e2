extension ParallelSequence {
  /// Combines all elements with an associative operation; nil if there are none.
  ///
  /// The order of the operands is that of the elements, so the operation need not be commutative. How they are grouped depends on the
  /// number of positions (and the minimum batch) alone: an operation that is only nearly associative, such as floating-point
  /// addition, gives the same bits at every number of threads.
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) of them.
  @inlinable
  public func reduce(_ combine: @Sendable (Element, Element) -> Element) throws(Failure) -> Element?
  where Element: Sendable {
    try withoutActuallyEscaping(combine) { (combine) throws(Failure) in
      try ReduceBody<Self, Element, Failure>(
        self, fineBlocks, start: { nil },
        fold: { value, element in value = if let known = value { combine(known, element) } else { element } },
        combine: { left, right in left = combine(left, right) }
      ).run()
    }
  }

  /// As `reduce(_:)`, with an operation that may throw.
  @inlinable
  @_disfavoredOverload
  public func reduce<E>(
    _ combine: @Sendable (Element, Element) throws(E) -> Element
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try withoutActuallyEscaping(combine) { (combine) throws(E) in
      try ReduceBody<ParallelThrowingMap<Self, Element, E>, Element, E>(
        ParallelThrowingMap(self) { $0 }, fineBlocks, start: { nil },
        fold: { (value, element) throws(E) in
          value = if let known = value { try combine(known, element) } else { element }
        },
        combine: { (left, right) throws(E) in left = try combine(left, right) }
      ).run()
    }
  }

  /// Combines `initial` and all elements with an associative operation.
  ///
  /// The initial value is used once, leftmost, so it need not be neutral: `reduce(10, +)` adds ten once. Otherwise as `reduce(_:)`.
  @inlinable
  public func reduce(
    _ initial: Element, _ combine: @Sendable (Element, Element) -> Element
  ) throws(Failure) -> Element where Element: Sendable {
    guard let value = try reduce(combine) else { return initial }
    return combine(initial, value)
  }

  /// As `reduce(_:_:)`, with an operation that may throw.
  @inlinable
  @_disfavoredOverload
  public func reduce<E>(
    _ initial: Element, _ combine: @Sendable (Element, Element) throws(E) -> Element
  ) throws(E) -> Element where Element: Sendable, Failure == Never {
    guard let value = try reduce(combine) else { return initial }
    return try combine(initial, value)
  }

  /// Folds the elements of each of a fixed number of blocks into a value of its own, then combines the values of neighbours.
  ///
  ///     let counts = words.parallel.reduce(into: [:]) { $0[$1, default: 0] += 1 } combine: { $0.merge($1, uniquingKeysWith: +) }
  ///
  /// The blocks depend on the number of positions (at most 256 blocks) and the minimum batch alone.
  ///
  /// - Parameters:
  ///   - initial: The value that each block starts with; it must be neutral: combined with any value it changes nothing.
  ///   - fold: Takes an element into a block's value.
  ///   - combine: Takes the value of the blocks to the right into that of the blocks to the left. Associative, and such that folding
  ///     all elements into one value gives the same as folding two runs of them and combining.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) folds and at most 256 combinations; span O(log *n*) of the latter and a block of the former.
  @inlinable
  public func reduce<Value: Sendable>(
    into initial: Value, _ fold: @Sendable (inout Value, Element) -> Void,
    combine: @Sendable (inout Value, Value) -> Void
  ) throws(Failure) -> Value {
    try withoutActuallyEscaping(fold) { (fold) throws(Failure) in
      try withoutActuallyEscaping(combine) { (combine) throws(Failure) in
        try ReduceBody<Self, Value, Failure>(
          self, coarseBlocks, start: { initial }, fold: { value, element in fold(&value!, element) },
          combine: { left, right in combine(&left, right) }
        ).run()
      }
    } ?? initial
  }

  /// As `reduce(into:_:combine:)`, with closures that may throw.
  @inlinable
  @_disfavoredOverload
  public func reduce<Value: Sendable, E>(
    into initial: Value, _ fold: @Sendable (inout Value, Element) throws(E) -> Void,
    combine: @Sendable (inout Value, Value) throws(E) -> Void
  ) throws(E) -> Value where Failure == Never {
    try withoutActuallyEscaping(fold) { (fold) throws(E) in
      try withoutActuallyEscaping(combine) { (combine) throws(E) in
        try ReduceBody<ParallelThrowingMap<Self, Element, E>, Value, E>(
          ParallelThrowingMap(self) { $0 }, coarseBlocks, start: { initial },
          fold: { (value, element) throws(E) in try fold(&value!, element) },
          combine: { (left, right) throws(E) in try combine(&left, right) }
        ).run()
      }
    } ?? initial
  }

  /// Blocks for an operation of unknown cost: single elements when they are few.
  @usableFromInline
  var fineBlocks: ReductionBlocks {
    ReductionBlocks(positionCount: positionCount, minimumBatch: plan.minimumBatch, pieces: 2048, largest: 4096)
  }

  /// Blocks whose values may be large and costly to combine.
  @usableFromInline
  var coarseBlocks: ReductionBlocks {
    ReductionBlocks(positionCount: positionCount, minimumBatch: plan.minimumBatch, pieces: 256, largest: .max / 1024)
  }
}
