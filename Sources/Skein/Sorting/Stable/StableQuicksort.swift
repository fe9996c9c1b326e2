// Stable quicksort: the elements before the pivot are moved to the front of the place where they are to be in the end, the others
// to the scratch, wherever of the two they were; and so on with each half, where it is. Many elements are split as parts, each by
// itself, and go back to their place.
//
// Work O(n log n), also in the worst case, for which there is merge sort; span O(n / threads + log² n). Scratch n. Stable.
// After Hoare, "Quicksort", 1962; the split without branches after Peters & Bergdoll, "driftsort", 2024.

/// SAFETY: as for `SortKernels`. The elements are at home or in the scratch at first; when a sort has ended, also by an error, at home.
@safe
@usableFromInline
struct StableQuicksort<Element, Failure: Error> {
  @usableFromInline typealias Place = UnsafeMutablePointer<Element>

  @usableFromInline let kernels: SortKernels<Element, Failure>
  /// More elements than this are split as parts, lest other threads have nothing to do. What a split gives does not depend on it.
  @usableFromInline let mostInOnePart: Int

  @inlinable
  init(_ kernels: SortKernels<Element, Failure>, total: Int) {
    self.kernels = kernels
    let threads = WorkerReference.current!.poolThreadCount
    mostInOnePart = threads == 1 ? .max : max(Parts.size(of: Element.self), total / (4 &* threads))
  }

  /// - Parameter lowest: An element that none of these comes before, if one is known.
  @inlinable
  func sort(
    _ home: Place, _ count: Int, _ scratch: Place, isHome: Bool, limit: Int, lowest: Place? = nil
  ) throws(Failure) {
    if count <= smallSort { return unsafe try kernels.sortSmall(home, count, scratch, !isHome) }
    if isSortCancelled(count) { return unsafe bringHome(home, count, scratch, isHome) }
    if limit == 0 {
      unsafe bringHome(home, count, scratch, isHome)
      return unsafe try kernels.mergeSort(home, count, scratch)
    }
    let chosen: Place
    do throws(Failure) {
      unsafe chosen = unsafe try kernels.pivot(isHome ? home : scratch, count)
    } catch {
      unsafe bringHome(home, count, scratch, isHome)
      throw error
    }
    unsafe try withCopy(of: chosen) { (pivot) throws(Failure) in
      // If the pivot is as low as the lowest, then it and its equals come first, and need no sorting.
      var isLowest = false
      do throws(Failure) {
        if let lowest = unsafe lowest { isLowest = unsafe try !kernels.precedes(lowest, pivot) }
      } catch {
        unsafe bringHome(home, count, scratch, isHome)
        throw error
      }
      if isHome, count > mostInOnePart {
        let left = unsafe try splitParts(
          home, count, pivot, scratch, isLowest ? kernels.splitThrough : kernels.splitBefore)
        return try forkSort { () throws(Failure) in
          if !isLowest { unsafe try sort(home, left, scratch, isHome: true, limit: limit &- 1, lowest: lowest) }
        } _: { () throws(Failure) in
          unsafe try sort(
            home + left, count &- left, scratch + left, isHome: true, limit: limit &- 1, lowest: isLowest ? nil : pivot)
        }
      }
      let source = unsafe isHome ? home : scratch
      if isLowest {
        let equal = unsafe try kernels.splitThrough(source, count, pivot, home, scratch)
        return unsafe try sort(home + equal, count &- equal, scratch, isHome: false, limit: limit &- 1)
      }
      let left = unsafe try kernels.splitBefore(source, count, pivot, home, scratch)
      let right = count &- left
      try forkIfLarge(count) { () throws(Failure) in
        unsafe try sort(home, left, scratch + right, isHome: true, limit: limit &- 1, lowest: lowest)
      } _: { () throws(Failure) in
        unsafe try sort(home + left, right, scratch, isHome: false, limit: limit &- 1, lowest: pivot)
      } otherwise: {
        unsafe bringHome(home + left, right, scratch, false)
      }
    }
  }

  @inlinable
  func bringHome(_ home: Place, _ count: Int, _ scratch: Place, _ isHome: Bool) {
    if !isHome { unsafe copyBits(scratch, home, count: count) }
  }

  /// Splits elements in place, part by part; returns how many are on the left.
  @inlinable
  func splitParts(
    _ home: Place, _ count: Int, _ pivot: Place, _ scratch: Place, _ kernel: SortKernels<Element, Failure>.Split
  ) throws(Failure) -> Int {
    let parts = Parts(of: Element.self, total: count)
    return try withCounts(parts.count) { (lefts) throws(Failure) in
      // Each part is split by itself at home, and copied to the scratch; whatever other parts do, home has all elements.
      try forEachPart(0..<parts.count) { (part) throws(Failure) in
        let range = parts[part]
        let (place, copy) = unsafe (home + range.lowerBound, scratch + range.lowerBound)
        let left = unsafe try kernel(place, range.count, pivot, place, copy)
        let right = range.count - left
        unsafe copyBits(copy, place + left, count: right)
        unsafe copyBits(place, copy + right, count: left)
        lefts[part] = left
      }
      let total = lefts.makeOffsets()
      forEachPart(0..<parts.count) { part in
        let range = parts[part]
        let copy = unsafe scratch + range.lowerBound
        let (before, left) = (lefts[part], lefts[part + 1] - lefts[part])
        unsafe copyBits(copy, home + (total + range.lowerBound - before), count: range.count - left)
        unsafe copyBits(copy + (range.count - left), home + before, count: left)
      }
      return total
    }
  }
}

extension SortKernels {
  /// Merge sort: what quicksort falls back to when its pivots are bad.
  @inlinable
  func mergeSort(_ elements: Place, _ count: Int, _ scratch: Place) throws(Failure) {
    if count <= smallSort { return unsafe try sortSmall(elements, count, scratch, false) }
    if isSortCancelled(count) { return }
    let middle = count / 2
    try forkIfLarge(count) { () throws(Failure) in
      unsafe try mergeSort(elements, middle, scratch)
    } _: { () throws(Failure) in
      unsafe try mergeSort(elements + middle, count &- middle, scratch + middle)
    }
    unsafe try mergeRuns(elements, middle, count, scratch)
  }

  /// How many bad pivots a quicksort accepts: more than good ones ever need.
  @inlinable
  static func limit(_ count: Int) -> Int { 2 &* (Int.bitWidth &- count.leadingZeroBitCount) }
}

/// Calls `body` with a copy of an element's bits, which stay put whatever happens to the element.
@inlinable
func withCopy<Element, Result, Failure: Error>(
  of element: UnsafeMutablePointer<Element>, _ body: (UnsafeMutablePointer<Element>) throws(Failure) -> Result
) throws(Failure) -> Result {
  unsafe try withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { (memory) throws(Failure) in
    unsafe copyBits(element, memory.baseAddress!)
    return unsafe try body(memory.baseAddress!)
  }
}
