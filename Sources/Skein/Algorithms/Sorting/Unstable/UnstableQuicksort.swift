// The unstable sort: quicksort in place, whose partition has no branch that depends on an element. Large ranges are
// partitioned in parallel. Many equal elements are put aside together; persistently bad pivots lead to heap sort.
//
// Work O(n log n), also in the worst case, O(n log k) for k distinct elements, O(n) for a single run; span O(n / parts + log² n).
// Scratch: O(log n) elements, and O(n / size of a part) numbers. Not stable.
// Hoare, "Quicksort", 1962; Musser, "Introspective sorting", 1997; Peters, "Pattern-defeating quicksort", 2021.

extension SortKernels {
  /// Sorts elements in place.
  @inlinable
  func unstableSort(_ elements: Place, _ count: Int) throws(Failure) {
    if count > smallSort {
      let length = unsafe try run(elements, count)
      if length == count { return }
      if length == -count {
        return unsafe reverse(UnsafeMutableBufferPointer(start: elements, count: count), plan: LoopPlan())
      }
    }
    unsafe try quicksort(elements, count, limit: Self.limit(count))
  }

  /// - Parameter lowest: An element that none of these comes before, if one is known.
  @inlinable
  func quicksort(_ elements: Place, _ count: Int, limit: Int, lowest: Place? = nil) throws(Failure) {
    if let leaf, count <= leaf.count { return unsafe leaf.sort(elements, count) }
    if count < 4096 { return unsafe try sortSequentially(elements, count, limit: limit, lowest: lowest) }
    if limit == 0 { return unsafe try heapSort(elements, count) }
    unsafe try withCopy(of: pivot(elements, count)) { (pivot) throws(Failure) in
      // If the pivot is as low as the lowest, then it and its equals come first, and need no sorting.
      if let lowest = unsafe lowest, unsafe try !precedes(lowest, pivot) {
        let equal = unsafe try partition(elements, count, pivot, partitionThrough)
        return unsafe try quicksort(elements + equal, count &- equal, limit: limit &- 1)
      }
      let left = unsafe try partition(elements, count, pivot, partitionBefore)
      try forkSort { () throws(Failure) in
        unsafe try quicksort(elements, left, limit: limit &- 1, lowest: lowest)
      } _: { () throws(Failure) in
        unsafe try quicksort(elements + left, count &- left, limit: limit &- 1, lowest: pivot)
      }
    }
  }

  @inlinable
  func sortSequentially(_ elements: Place, _ count: Int, limit: Int, lowest: Place?) throws(Failure) {
    unsafe try withUnsafeTemporaryAllocation(of: Element.self, capacity: smallSort) { (memory) throws(Failure) in
      unsafe try sortSequentially(elements, count, memory.baseAddress!, limit: limit, lowest: lowest)
    }
  }

  @inlinable
  func sortSequentially(
    _ elements: Place, _ count: Int, _ scratch: Place, limit: Int, lowest: Place?
  ) throws(Failure) {
    if count <= smallSort { return unsafe try sortSmall(elements, count, scratch, false) }
    if limit == 0 { return unsafe try heapSort(elements, count) }
    unsafe try withCopy(of: pivot(elements, count)) { (pivot) throws(Failure) in
      if let lowest = unsafe lowest, unsafe try !precedes(lowest, pivot) {
        let equal = unsafe try partitionThrough(elements, count, elements, 0, pivot)
        return unsafe try sortSequentially(elements + equal, count &- equal, scratch, limit: limit &- 1, lowest: nil)
      }
      let left = unsafe try partitionBefore(elements, count, elements, 0, pivot)
      unsafe try sortSequentially(elements, left, scratch, limit: limit &- 1, lowest: lowest)
      unsafe try sortSequentially(elements + left, count &- left, scratch, limit: limit &- 1, lowest: pivot)
    }
  }
}
