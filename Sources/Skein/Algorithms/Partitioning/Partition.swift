// Work O(n) calls and at most n/2 exchanges; span O(log n) calls and exchanges, and an addition for every 4096 elements.
// Scratch: n/8 bytes and a little. Not stable; the same result as the sequential partition.
//
// Hoare's partition (1961) exchanges the first misplaced element from the left with the first from the right, the second with
// the second, and so on. Once it is known which elements are misplaced, all those exchanges are independent of each other.

/// Moves the elements that the leaf marks behind the others.
/// - Returns: The number of unmarked elements.
@inlinable
func partition<Element, E>(
  _ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan, operand: UnsafeRawPointer? = nil,
  _ leaf: @escaping MarkLeaf<Element, E>
) throws(E) -> Int {
  unsafe try ElementMarks.of(elements, plan: plan, operand: operand, leaf, ifEmpty: 0) { marks in
    let boundary = marks.count - marks.marked
    let misplaced = marks.marked(before: boundary)
    let elements = elements.baseAddress!
    // Those that are marked before the boundary, ascending, with those not marked behind it, descending.
    // SAFETY: the exchanges have no element in common; each is done by the batch that has its number.
    runMovingLoop(count: misplaced, plan: plan.moving(minimumBatch: 512)) { exchanges in
      var left = ElementMarks.Marked(marks, from: exchanges.lowerBound)
      var right = ElementMarks.Unmarked(marks, from: marks.count - marks.marked - 1 - exchanges.lowerBound)
      for _ in exchanges { unsafe exchange(elements + left.next(), elements + right.next()) }
    }
    return boundary
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Moves all elements that satisfy a condition behind those that do not, and returns the index of the first one that does.
  ///
  ///     let firstInvalid = records.parallel.partition { !$0.isValid }
  ///
  /// Not stable, but deterministic: the array ends up as the standard library's `partition(by:)` leaves it. The
  /// condition is called once for each element; then the misplaced elements are exchanged.
  ///
  /// - Throws: The error of the first element in order whose call throws. Then no element has moved.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls. Scratch: *n*/8 bytes.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func partition<E>(
    by belongsInSecondPartition: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Base.Index {
    let plan = plan
    let leaf = unsafe markLeaf(belongsInSecondPartition)
    let boundary = unsafe try withMutableElements { (elements) throws(E) in
      unsafe try Skein.partition(elements, plan: plan, leaf)
    }
    return index(boundary)
  }
}

extension ParallelMutableBuffer {
  /// Moves all elements that satisfy a condition behind those that do not, and returns the index of the first one that
  /// does.
  ///
  /// See ``ParallelElements/partition(by:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func partition<E>(
    by belongsInSecondPartition: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Int {
    unsafe try Skein.partition(base, plan: plan, markLeaf(belongsInSecondPartition))
  }
}
