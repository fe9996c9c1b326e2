// Stable quicksort: the elements before the pivot go to the front of the scratch, the others to its end, and both back to the
// elements, as parts when they are many, each of which splits and copies by itself.
//
// Work O(n log n), also in the worst case, for which there is merge sort; span O(n / parts + log² n). Scratch n. Stable.
// After Hoare, "Quicksort", 1962; the split without branches after Peters & Bergdoll, "driftsort", 2024.

extension SortKernels {
  /// - Parameter lowest: An element that none of these comes before, if one is known.
  @inlinable
  func stableQuicksort(
    _ elements: Place, _ count: Int, _ scratch: Place, limit: Int, lowest: Place? = nil
  ) throws(Failure) {
    if count <= smallSort { return unsafe try sortSmall(elements, count, scratch) }
    if limit == 0 { return unsafe try mergeSort(elements, count, scratch) }
    unsafe try withPivot(of: elements, count) { (pivot) throws(Failure) in
      // If the pivot is as low as the lowest, then it and its equals come first, and need no sorting.
      if let lowest = unsafe lowest, unsafe try !precedes(lowest, pivot) {
        let equal = unsafe try split(elements, count, pivot, scratch, splitThrough)
        return unsafe try stableQuicksort(elements + equal, count &- equal, scratch + equal, limit: limit &- 1)
      }
      let left = unsafe try split(elements, count, pivot, scratch, splitBefore)
      try forkIfLarge(count) { () throws(Failure) in
        unsafe try stableQuicksort(elements, left, scratch, limit: limit &- 1, lowest: lowest)
      } _: { () throws(Failure) in
        unsafe try stableQuicksort(elements + left, count &- left, scratch + left, limit: limit &- 1, lowest: pivot)
      }
    }
  }

  /// Splits elements stably in place; returns how many are on the left.
  @inlinable
  func split(
    _ elements: Place, _ count: Int, _ pivot: Place, _ scratch: Place, _ kernel: Split
  ) throws(Failure) -> Int {
    let parts = Parts(of: Element.self, total: count)
    if parts.count == 1 {
      let left = unsafe try kernel(elements, count, pivot, scratch)
      unsafe copyBits(scratch, elements, count: left)
      unsafe copyReversed(scratch + left, elements + left, count: count &- left)
      return left
    }
    return try withCounts(parts.count) { (lefts) throws(Failure) in
      try forEachPart(0..<parts.count) { (part) throws(Failure) in
        let range = parts[part]
        lefts[part] = unsafe try kernel(elements + range.lowerBound, range.count, pivot, scratch + range.lowerBound)
      }
      let total = lefts.makeOffsets()
      forEachPart(0..<parts.count) { part in
        let range = parts[part]
        let (before, left) = (lefts[part], lefts[part + 1] - lefts[part])
        unsafe copyBits(scratch + range.lowerBound, elements + before, count: left)
        unsafe copyReversed(
          scratch + range.lowerBound + left, elements + (total + range.lowerBound - before), count: range.count - left)
      }
      return total
    }
  }

  /// Merge sort: what quicksort falls back to when its pivots are bad.
  @inlinable
  func mergeSort(_ elements: Place, _ count: Int, _ scratch: Place) throws(Failure) {
    if count <= smallSort { return unsafe try sortSmall(elements, count, scratch) }
    let middle = count / 2
    try forkIfLarge(count) { () throws(Failure) in
      unsafe try mergeSort(elements, middle, scratch)
    } _: { () throws(Failure) in
      unsafe try mergeSort(elements + middle, count &- middle, scratch + middle)
    }
    unsafe try mergeRuns(elements, middle, count, scratch)
  }
}

extension SortKernels {
  /// How many bad pivots a quicksort accepts: more than good ones ever need.
  @inlinable
  static func limit(_ count: Int) -> Int { 2 &* (Int.bitWidth &- count.leadingZeroBitCount) }

  /// Calls `body` with a copy of a pivot's bits, which stay put whatever happens to the elements.
  @inlinable
  func withPivot<Result>(
    of elements: Place, _ count: Int, _ body: (_ pivot: Place) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let chosen = unsafe try pivot(elements, count)
    return unsafe try withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { (memory) throws(Failure) in
      unsafe copyBits(chosen, memory.baseAddress!)
      return unsafe try body(memory.baseAddress!)
    }
  }

  /// Runs two parts one after the other, or in parallel if they are worth it.
  @inlinable
  @inline(__always)
  func forkIfLarge(
    _ count: Int, _ first: () throws(Failure) -> Void, _ second: () throws(Failure) -> Void
  ) throws(Failure) {
    if count >= 4096 { return try forkSort(first, second) }
    try first()
    try second()
  }
}

/// Copies bits to another place, the last element first.
@inlinable
func copyReversed<Element>(
  _ source: UnsafeMutablePointer<Element>, _ destination: UnsafeMutablePointer<Element>, count: Int
) {
  var from = unsafe source + count
  var to = unsafe destination
  for _ in 0..<count {
    unsafe from -= 1
    unsafe copyBits(from, to)
    unsafe to += 1
  }
}
