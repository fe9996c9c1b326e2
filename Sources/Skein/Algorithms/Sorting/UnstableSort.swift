extension ParallelElements where Base: MutableCollection {
  /// Sorts the elements in place by an order. Equal elements end up in some order, the same at every number of threads.
  ///
  /// The sort runs to its end even if the task on whose behalf it runs is cancelled.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering. With any other the elements end up in some order, none lost.
  /// - Throws: An error of the comparison, the same at every number of threads. Then the collection has all its
  ///   elements, in some order.
  /// - Complexity: Work O(*n* log *n*) comparisons; span O(log² *n*) and some ten thousand comparisons. In place: the
  ///   scratch is O(log *n*) elements for each thread, unless they may not be moved as bits; see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func unstableSort<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    let plan = plan
    let kernels = SortKernels(areInIncreasingOrder)
    unsafe try withMutableElements { (elements) throws(E) in unsafe try kernels.unstableSort(elements, plan) }
  }
}

extension ParallelElements where Base: MutableCollection, Element: Comparable {
  /// Sorts the elements in place. Equal elements end up in some order, the same at every number of threads.
  ///
  /// Like `unstableSort(by:)` with `<`, except that integers, floating-point numbers and strings are sorted by their
  /// bits, which is faster. Floating-point NaNs come last; −0 comes before +0 if they are sorted by their bits. See
  /// <doc:Sorting>.
  ///
  /// - Complexity: Work O(*n* log *n*); span O(log² *n*) and some ten thousand comparisons. In place: the scratch is O(log *n*) elements, or
  ///   a quarter of a megabyte for numbers and strings, for each thread, and less than a hundredth of the elements.
  @inlinable
  public mutating func unstableSort() {
    let plan = plan
    unsafe withMutableElements { elements in unsafe sortUnstably(elements, plan) }
  }
}

extension ParallelMutableBuffer {
  /// Sorts the elements in place by an order, not stably; see ``ParallelElements/unstableSort(by:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func unstableSort<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    unsafe try SortKernels(areInIncreasingOrder).unstableSort(base, plan)
  }
}

extension ParallelMutableBuffer where Element: Comparable {
  /// Sorts the elements in place, not stably; see ``ParallelElements/unstableSort()``.
  @inlinable
  public func unstableSort() { unsafe sortUnstably(base, plan) }
}

/// Sorts by the bits of the elements, where that gives the same result.
@inlinable
func sortUnstably<Element: Comparable & Sendable>(_ elements: UnsafeMutableBufferPointer<Element>, _ plan: LoopPlan) {
  guard elements.count > 1 else { return }
  if hasRadixKey(Element.self) {
    return unsafe NumericSort(elements.baseAddress!, elements.count, plan).sort(.unstable, as: Element.self)
  }
  if Element.self == String.self, unsafe sortStrings(elements.baseAddress!, elements.count, plan, isStable: false) {
    return
  }
  if hasNaNs(Element.self) {
    unsafe SortKernels<Element, Never> { precedesNumbersFirst($0, $1) }.unstableSort(elements, plan)
  } else {
    unsafe SortKernels<Element, Never> { $0 < $1 }.unstableSort(elements, plan)
  }
}

extension SortKernels {
  @inlinable
  func unstableSort(_ elements: UnsafeMutableBufferPointer<Element>, _ plan: LoopPlan) throws(Failure) {
    guard elements.count > 1, let base = elements.baseAddress else { return }
    try plan.onWorker { () throws(Failure) in
      guard areMovedWhileSorted(Element.self) else {
        return unsafe try sortNumbers(of: base, elements.count, isInPlace: true)
      }
      unsafe try unstableSort(base, elements.count)
    }
  }
}
