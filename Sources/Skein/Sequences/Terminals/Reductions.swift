// Blelloch, Prefix Sums and Their Applications (1990), with blocks of a fixed size: each block is scanned by itself,
// then the last elements of the blocks are scanned sequentially, and then each block adds the total of the blocks to
// its left.

/// The number of elements in a block. It is fixed, so that rounding is the same at every number of threads.
@inlinable var reductionBlock: Int { 2048 }

/// Replaces each element by the combination of all elements up to it.
@_alwaysEmitIntoClient
@inline(__always)
func formReductions<Element: Sendable, E>(
  _ values: inout [Element], plan: LoopPlan, _ combine: @escaping @Sendable (Element, Element) throws(E) -> Element
) throws(E) {
  let (size, count) = (reductionBlock, values.count)
  let pool = plan.pool ?? .current ?? .shared
  // A single thread finishes each block while it is in the cache. Not if an operation may throw, since the error might
  // be a different one.
  if E.self == Never.self, pool.threadCount == 1 || count <= 2 * size {
    var span = values.mutableSpan
    for start in stride(from: 0, to: count, by: size) {
      let block = start..<min(start + size, count)
      try formReductions(&span, block, combine)
      if start > 0 { try combineEach(&span, block, with: span[start - 1], combine) }
    }
    return
  }
  try values.parallel(in: pool).modifyEach(chunksOf: size) { (_, block) throws(E) in
    try formReductions(&block, block.indices, combine)
  }
  var left: [Element] = []
  for end in stride(from: size, to: count, by: size) {
    let last = values[end - 1]
    let all = if let before = left.last { try combine(before, last) } else { last }
    left.append(all)
  }
  try values.parallel(in: pool).modifyEach(chunksOf: size) { [left] (index, block) throws(E) in
    if index > 0 { try combineEach(&block, block.indices, with: left[index - 1], combine) }
  }
}

@_alwaysEmitIntoClient
@inline(__always)
func formReductions<Element, E>(
  _ values: inout MutableSpan<Element>, _ indices: Range<Int>, _ combine: (Element, Element) throws(E) -> Element
) throws(E) {
  guard var last = indices.isEmpty ? nil : values[indices.lowerBound] else { return }
  for index in indices.dropFirst() {
    last = try combine(last, values[index])
    values[index] = last
  }
}

@_alwaysEmitIntoClient
@inline(__always)
func combineEach<Element, E>(
  _ values: inout MutableSpan<Element>, _ indices: Range<Int>, with left: Element,
  _ combine: (Element, Element) throws(E) -> Element
) throws(E) {
  for index in indices { values[index] = try combine(left, values[index]) }
}

extension ParallelSequence where Element: Sendable {
  /// Returns the inclusive scan: the combinations of the first element, the first two, the first three, and so on, with
  /// an associative operation.
  ///
  ///     let balances = bookings.parallel.reductions(+)
  ///
  /// The order of the operands is that of the elements, so the operation need not be commutative. Their grouping
  /// depends on the number of elements alone: an operation that is only nearly associative, such as floating-point
  /// addition, returns the same bits at every number of threads.
  ///
  /// - Returns: As many elements as the sequence has; the last one is the result of `reduce`, except for rounding.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*), less than 2*n* calls of `combine`; span O(*n* / 2048) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func reductions(
    _ combine: @escaping @Sendable (Element, Element) -> Element
  ) throws(Failure) -> [Element] {
    var values = try Array(self)
    formReductions(&values, plan: plan, combine)
    return values
  }

  /// Like `reductions(_:)`, with an operation that may throw.
  /// - Throws: An error of the operation. If there are several, which one it is depends on the number of elements
  ///   alone.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reductions<E>(
    _ combine: @escaping @Sendable (Element, Element) throws(E) -> Element
  ) throws(E) -> [Element] where Failure == Never {
    var values = Array(self)
    try formReductions(&values, plan: plan, combine)
    return values
  }

  /// Returns `initial`, and its combinations with the first element, the first two, the first three, and so on.
  ///
  ///     let starts = lengths.parallel.reductions(0, +)   // where each piece begins, and, at the end, the whole length
  ///
  /// Without its last element, the result is the exclusive scan. Otherwise like `reductions(_:)`; the initial value
  /// need not be neutral.
  /// - Returns: One element more than the sequence has.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func reductions(
    _ initial: Element, _ combine: @escaping @Sendable (Element, Element) -> Element
  ) throws(Failure) -> [Element] {
    var values = [initial]
    try values.append(contentsOf: self)
    formReductions(&values, plan: plan, combine)
    return values
  }

  /// Like `reductions(_:_:)`, with an operation that may throw.
  /// - Throws: As for `reductions(_:)` with an operation that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reductions<E>(
    _ initial: Element, _ combine: @escaping @Sendable (Element, Element) throws(E) -> Element
  ) throws(E) -> [Element] where Failure == Never {
    var values = [initial]
    values.append(contentsOf: self)
    try formReductions(&values, plan: plan, combine)
    return values
  }
}
