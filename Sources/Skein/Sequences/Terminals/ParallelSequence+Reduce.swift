extension ParallelSequence {
  /// Returns all elements combined with an associative operation; nil if there are none.
  ///
  /// The order of the operands is that of the elements, so the operation need not be commutative. Their grouping
  /// depends on the number of positions (and the minimum batch) alone: an operation that is only nearly associative,
  /// such as floating-point addition, returns the same bits at every number of threads.
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func reduce(_ combine: @escaping @Sendable (Element, Element) -> Element) throws(Failure) -> Element?
  where Element: Sendable {
    try reduceBlocks(
      fineBlocks, start: { nil as Element? },
      fold: { (element, value) throws(Failure) in
        value = if let known = value { combine(known, element) } else { element }
        return true
      },
      combine: { (left, right) throws(Failure) in
        guard let right else { return }
        left = if let known = left { combine(known, right) } else { right }
      }) ?? nil
  }

  /// Like `reduce(_:)`, with an operation that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reduce<E>(
    _ combine: @escaping @Sendable (Element, Element) throws(E) -> Element
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try mayThrow(E.self).reduceBlocks(
      fineBlocks, start: { nil as Element? },
      fold: { (element, value) throws(E) in
        value = if let known = value { try combine(known, element) } else { element }
        return true
      },
      combine: { (left, right) throws(E) in
        guard let right else { return }
        left = if let known = left { try combine(known, right) } else { right }
      }) ?? nil
  }

  /// Returns `initial` and all elements combined with an associative operation.
  ///
  /// The initial value is used once, leftmost, so it need not be neutral: `reduce(10, +)` adds ten once. Otherwise like
  /// `reduce(_:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func reduce(
    _ initial: Element, _ combine: @escaping @Sendable (Element, Element) -> Element
  ) throws(Failure) -> Element where Element: Sendable {
    guard let value = try reduce(combine) else { return initial }
    return combine(initial, value)
  }

  /// Like `reduce(_:_:)`, with an operation that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reduce<E>(
    _ initial: Element, _ combine: @escaping @Sendable (Element, Element) throws(E) -> Element
  ) throws(E) -> Element where Element: Sendable, Failure == Never {
    guard let value = try reduce(combine) else { return initial }
    return try combine(initial, value)
  }

  /// Folds the elements of each of a fixed number of blocks into a value, then combines the values of neighbours.
  ///
  ///     let counts = words.parallel.reduce(into: [:]) { $0[$1, default: 0] += 1 } combine: { $0.merge($1, uniquingKeysWith: +) }
  ///
  /// The blocks depend on the number of positions (at most 256 blocks) and the minimum batch alone.
  ///
  /// A value that is large in comparison with a block, such as the bins of a histogram, is better made by
  /// `histogram(ofCount:by:)` or `reduceByPiece(into:_:combine:)`, which make one for each thread.
  ///
  /// - Parameters:
  ///   - initial: The value that each block starts with; it must be neutral: combining it with any value changes
  ///     nothing.
  ///   - fold: Adds an element to a block's value.
  ///   - combine: Adds the value of the blocks to the right to that of the blocks to the left. It must be associative,
  ///     and folding all elements into one value must equal folding two runs of them and combining the results.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) folds and at most 256 combinations; span O(log *n*) of the latter and a block of the former.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func reduce<Value: Sendable>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) -> Void,
    combine: @escaping @Sendable (inout Value, Value) -> Void
  ) throws(Failure) -> Value {
    try reduceBlocks(
      coarseBlocks, start: { initial },
      fold: { (element, value) throws(Failure) in
        fold(&value, element)
        return true
      },
      combine: { (left, right) throws(Failure) in combine(&left, right) }) ?? initial
  }

  /// Like `reduce(into:_:combine:)`, with closures that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reduce<Value: Sendable, E>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) throws(E) -> Void,
    combine: @escaping @Sendable (inout Value, Value) throws(E) -> Void
  ) throws(E) -> Value where Failure == Never {
    try mayThrow(E.self).reduceBlocks(
      coarseBlocks, start: { initial },
      fold: { (element, value) throws(E) in
        try fold(&value, element)
        return true
      },
      combine: { (left, right) throws(E) in try combine(&left, right) }) ?? initial
  }

  /// Blocks for an operation of unknown cost: single elements if there are few.
  @inlinable
  @inline(__always)
  var fineBlocks: ReductionBlocks {
    if Self.isSupplied { return ReductionBlocks(growingTo: 16) }
    return ReductionBlocks(positionCount: positionCount, minimumBatch: plan.minimumBatch, pieces: 512, largest: 4096)
  }

  /// Blocks whose values may be large and costly to combine.
  @inlinable
  @inline(__always)
  var coarseBlocks: ReductionBlocks {
    if Self.isSupplied { return ReductionBlocks(growingTo: 256) }
    return ReductionBlocks(
      positionCount: positionCount, minimumBatch: plan.minimumBatch, pieces: 256, largest: .max / 1024)
  }
}
