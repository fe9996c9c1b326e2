extension ParallelElements where Base: MutableCollection {
  /// Sorts the elements in place by an order, stably: equal elements keep their order.
  ///
  ///     people.parallel.sort { $0.age < $1.age }
  ///
  /// The result is the same at every number of threads. Stretches that are already sorted, or strictly in reverse, are
  /// found and used. The sort runs to its end even if the task on whose behalf it runs is cancelled.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering. With any other the elements end up in some order, none lost.
  /// - Throws: An error of the comparison, the same at every number of threads. Then the collection has all its
  ///   elements, in some order.
  /// - Complexity: Work O(*n* log *n*) comparisons, O(*n*) if there are few runs; span O(log² *n*) and some million comparisons.
  ///   Scratch: *n* elements, and more if they may not be moved as bits; see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func sort<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    let plan = plan
    let kernels = SortKernels(areInIncreasingOrder)
    unsafe try withMutableElements { (elements) throws(E) in unsafe try kernels.stableSort(elements, plan) }
  }
}

extension ParallelElements where Base: MutableCollection, Element: Comparable {
  /// Sorts the elements in place, stably, with the same result as the standard library's `sort()`.
  ///
  /// Like `sort(by:)` with `<`, except that integers, floating-point numbers and strings are sorted by their bits,
  /// which is several times faster. Floating-point NaNs come last, and keep their order like equal elements; see
  /// <doc:Sorting>.
  ///
  /// - Complexity: Work O(*n* log *n*); span O(log² *n*) and some million comparisons. Scratch: *n* elements, and a quarter of a
  ///   megabyte for each thread for strings.
  @inlinable
  public mutating func sort() {
    let plan = plan
    unsafe withMutableElements { elements in unsafe sortStably(elements, plan) }
  }
}

extension ParallelMutableBuffer {
  /// Sorts the elements in place by an order, stably; see ``ParallelElements/sort(by:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func sort<E>(by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool) throws(E) {
    unsafe try SortKernels(areInIncreasingOrder).stableSort(base, plan)
  }
}

extension ParallelMutableBuffer where Element: Comparable {
  /// Sorts the elements in place, stably; see ``ParallelElements/sort()``.
  @inlinable
  public func sort() { unsafe sortStably(base, plan) }
}

/// Sorts by the bits of the elements, where that gives the same result.
@inlinable
func sortStably<Element: Comparable & Sendable>(_ elements: UnsafeMutableBufferPointer<Element>, _ plan: LoopPlan) {
  guard elements.count > 1 else { return }
  if hasRadixKey(Element.self) {
    return unsafe NumericSort(elements.baseAddress!, elements.count, plan).sort(.stable, as: Element.self)
  }
  if Element.self == String.self, unsafe sortStrings(elements.baseAddress!, elements.count, plan, isStable: true) {
    return
  }
  if hasNaNs(Element.self) {
    unsafe SortKernels<Element, Never> { precedesNumbersFirst($0, $1) }.stableSort(elements, plan)
  } else {
    unsafe SortKernels<Element, Never> { $0 < $1 }.stableSort(elements, plan)
  }
}

extension SortKernels {
  @inlinable
  func stableSort(_ elements: UnsafeMutableBufferPointer<Element>, _ plan: LoopPlan) throws(Failure) {
    guard elements.count > 1, let base = elements.baseAddress else { return }
    try plan.onWorker { () throws(Failure) in
      guard areMovedWhileSorted(Element.self) else {
        return unsafe try sortNumbers(of: base, elements.count, isInPlace: false)
      }
      unsafe try Scratch.with(Element.self, count: elements.count) { (scratch) throws(Failure) in
        unsafe try stableSort(base, elements.count, scratch)
      }
    }
  }
}
