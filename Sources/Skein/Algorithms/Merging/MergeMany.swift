extension Array where Element: Sendable {
  /// Creates an array of the elements of several arrays that are sorted by an order, merged.
  ///
  ///     let log = Array(merging: logOfEachServer) { $0.time < $1.time }
  ///
  /// Stable: equal elements keep their order, those of earlier arrays first. Neighbouring arrays are merged, then the
  /// results, and so on; each merge is itself parallel.
  ///
  /// - Parameters:
  ///   - arrays: The arrays to merge.
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - areInIncreasingOrder: A strict weak ordering, by which each of the arrays is sorted.
  /// - Throws: An error of a comparison, the same at every number of threads.
  /// - Precondition: Each array is sorted. Otherwise the result has all elements, each once, in some order.
  /// - Complexity: Work O(*n* log *k*) comparisons for *k* arrays; span O(log *k* log *n*) and log *k* blocks of at most 8192 elements. Scratch:
  ///   *n* elements.
  @inlinable
  public init<E>(
    merging arrays: [[Element]], in pool: ThreadPool? = nil,
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    let plan = LoopPlan(pool: pool)
    let leaves = MergeLeaves(areInIncreasingOrder)
    self = try plan.onWorker { () throws(E) in try mergeMany(arrays[...], plan: plan, leaves) }
  }
}

extension Array where Element: Comparable & Sendable {
  /// Creates an array of the elements of several sorted arrays, merged.
  ///
  /// Like `init(merging:in:by:)` with `<`; floating-point NaNs come last, see <doc:Sorting>.
  @inlinable
  public init(merging arrays: [[Element]], in pool: ThreadPool? = nil) {
    if hasNaNs(Element.self) {
      self.init(merging: arrays, in: pool) { precedesNumbersFirst($0, $1) }
    } else {
      self.init(merging: arrays, in: pool) { $0 < $1 }
    }
  }
}

/// Merges arrays, on a worker. The halves are merged concurrently; if both throw, the error is the first half's.
@inlinable
func mergeMany<Element: Sendable, E>(
  _ arrays: ArraySlice<[Element]>, plan: LoopPlan, _ leaves: MergeLeaves<Element, E>
) throws(E) -> [Element] {
  if arrays.count <= 1 { return arrays.first ?? [] }
  let middle = arrays.startIndex + arrays.count / 2
  var halves: [[Element]] = [[], []]
  unsafe try halves.withUnsafeMutableBufferPointer { (halves) throws(E) in
    let halves = halves.baseAddress!
    try forEachPart(0..<2) { (half) throws(E) in
      let arrays = half == 0 ? arrays[..<middle] : arrays[middle...]
      unsafe halves[half] = try mergeMany(arrays, plan: plan, leaves)
    }
  }
  return unsafe try halves[0].withUnsafeBufferPointer { (left) throws(E) in
    unsafe try halves[1].withUnsafeBufferPointer { (right) throws(E) in
      unsafe try MergeSources(left, right).merged(plan: plan, leaves)
    }
  }
}
