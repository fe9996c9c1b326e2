// Stable quicksort: the elements before the pivot are moved to the front of their final place, the others to the
// scratch, from either of the two; and so on with each half, where it is. Many elements are scattered to buckets first.
//
// Work O(n log n), also in the worst case, for which there is merge sort; span O(size of 64 parts + number of parts + log² n). Scratch: n
// elements, and what the buckets take. Stable.
// After Hoare, "Quicksort", 1962; the split without branches after Peters & Bergdoll, "driftsort", 2024.

/// SAFETY: as for `SortKernels`. Initially the elements are at home or in the scratch; when a sort has ended, also by
/// an error, they are at home.
@safe
@usableFromInline
struct StableQuicksort<Element, Failure: Error> {
  @usableFromInline typealias Place = UnsafeMutablePointer<Element>

  @usableFromInline let kernels: SortKernels<Element, Failure>

  /// From this many elements on, a sort begins with buckets, so that all threads have something to do. It continues
  /// with buckets while there are eight times as many: below that, splits cost less.
  @usableFromInline let leastInBuckets: Int

  @inlinable
  init(_ kernels: SortKernels<Element, Failure>) {
    self.kernels = kernels
    // Errors must not depend on the number of threads, so neither does the sequence of comparisons.
    let usesBuckets = Failure.self != Never.self || WorkerReference.current!.poolThreadCount > 1
    leastInBuckets = usesBuckets ? 8 &* Parts.size(of: Element.self) : .max
  }

  /// Sorts elements that are at home.
  @inlinable
  func sort(_ home: Place, _ count: Int, _ scratch: Place) throws(Failure) {
    let limit = SortKernels<Element, Failure>.limit(count)
    if count < leastInBuckets { return unsafe try sort(home, count, scratch, isHome: true, limit: limit) }
    unsafe try sortInBuckets(home, count, scratch, isHome: true, limit: limit, lowest: nil)
  }

  // Not inlined into the closure of a bucket: Swift 6.3 then loses track of the register for an error that cannot
  // occur, and the program traps.

  /// - Parameter lowest: An element that none of these comes before, if one is known.
  @inlinable
  @inline(never)
  func sort(
    _ home: Place, _ count: Int, _ scratch: Place, isHome: Bool, limit: Int, lowest: Place? = nil
  ) throws(Failure) {
    if count <= smallSort { return unsafe try kernels.sortSmall(home, count, scratch, !isHome) }
    if limit == 0 {
      unsafe bringHome(home, count, scratch, isHome)
      return unsafe try kernels.mergeSort(home, count, scratch)
    }
    if count / 8 >= leastInBuckets {
      return unsafe try sortInBuckets(home, count, scratch, isHome: isHome, limit: limit, lowest: lowest)
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
}

extension SortKernels {
  /// Merge sort: the fallback of quicksort when its pivots are bad.
  @inlinable
  func mergeSort(_ elements: Place, _ count: Int, _ scratch: Place) throws(Failure) {
    if count <= smallSort { return unsafe try sortSmall(elements, count, scratch, false) }
    let middle = count / 2
    try forkIfLarge(count) { () throws(Failure) in
      unsafe try mergeSort(elements, middle, scratch)
    } _: { () throws(Failure) in
      unsafe try mergeSort(elements + middle, count &- middle, scratch + middle)
    }
    unsafe try mergeRuns(elements, middle, count, scratch)
  }

  /// The number of bad pivots that a quicksort accepts: more than good ones ever need.
  @inlinable
  static func limit(_ count: Int) -> Int { 2 &* (Int.bitWidth &- count.leadingZeroBitCount) }
}

/// Calls `body` with a copy of an element's bits, which stays put whatever happens to the element.
@inlinable
func withCopy<Element, Result, Failure: Error>(
  of element: UnsafeMutablePointer<Element>, _ body: (UnsafeMutablePointer<Element>) throws(Failure) -> Result
) throws(Failure) -> Result {
  unsafe try withUnsafeTemporaryAllocation(of: Element.self, capacity: 1) { (memory) throws(Failure) in
    unsafe copyBits(element, memory.baseAddress!)
    return unsafe try body(memory.baseAddress!)
  }
}
