extension ParallelElements where Base: MutableCollection {
  /// Puts at each of several indices the element that sorting by an order would put there, with nothing greater before
  /// it and nothing less after it.
  ///
  ///     samples.parallel.select(at: [samples.count / 4, samples.count / 2, samples.count * 3 / 4]) { $0.level < $1.level }
  ///
  /// The middle one of the indices is selected first, then the others on either side of it, concurrently. Not stable;
  /// where the other elements go depends on their order and number alone.
  ///
  /// - Parameters:
  ///   - indices: The indices to fill, in any order.
  ///   - areInIncreasingOrder: A strict weak ordering. With another function the elements end up in some order.
  /// - Throws: What the comparison throws, the same error at every number of threads. Every element is then still there.
  /// - Precondition: Each index is the index of an element.
  /// - Complexity: Work O(*n* log *k*) comparisons for *k* indices; span O(log *k*) times that of `select(at:by:)`.
  ///   Scratch as for `select(at:by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func select<E>(
    at indices: some Sequence<Base.Index>,
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    let plan = plan
    let wanted = Array(Set(indices.map { offset($0) })).sorted()
    let order = SelectionOrder(areInIncreasingOrder)
    unsafe try withMutableElements { (elements) throws(E) in
      for offset in wanted { require(elements.indices.contains(offset), "there is no element \(offset) to select") }
      try plan.onWorker { () throws(E) in
        unsafe try selectMany(elements, 0..<elements.count, at: wanted[...], plan: plan, order)
      }
    }
  }
}

extension ParallelElements where Base: MutableCollection, Element: Comparable {
  /// Puts at each of several indices the element that sorting would put there.
  ///
  /// Like `select(at:by:)` with `<`; floating-point NaNs come last, see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func select(at indices: some Sequence<Base.Index>) {
    if hasNaNs(Element.self) { return select(at: indices) { precedesNumbersFirst($0, $1) } }
    select(at: indices) { $0 < $1 }
  }
}

/// Selects among some of the elements, on a worker.
/// - Parameter wanted: Ascending positions in the range.
@inlinable
func selectMany<Element, E>(
  _ elements: UnsafeMutableBufferPointer<Element>, _ range: Range<Int>, at wanted: ArraySlice<Int>, plan: LoopPlan,
  _ order: SelectionOrder<Element, E>
) throws(E) {
  if wanted.isEmpty { return }
  let middle = wanted.startIndex + wanted.count / 2
  let position = wanted[middle]
  let part = unsafe UnsafeMutableBufferPointer(rebasing: elements[range])
  _ = unsafe try select(part, at: position - range.lowerBound, plan: plan, order)
  try forkIfLarge(range.count) { () throws(E) in
    unsafe try selectMany(elements, range.lowerBound..<position, at: wanted[..<middle], plan: plan, order)
  } _: { () throws(E) in
    unsafe try selectMany(elements, position + 1..<range.upperBound, at: wanted[(middle + 1)...], plan: plan, order)
  }
}
