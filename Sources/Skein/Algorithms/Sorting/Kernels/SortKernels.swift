// Sorting consists of a few inner loops, the kernels, and of drivers that divide the work among them. A driver is
// recursive, and the compiler cannot inline a closure that is passed to a recursive function. So the kernels are
// closures, made where the caller's comparison can still be seen: each is a loop that contains the comparison, and is
// called once for many elements. Drivers know the type of the elements, but not how they are compared.
//
// Kernels copy the bits of elements, as a move does, without reference counting. While two places hold the same bits,
// one of them is only read, and abandoned in the end: however a kernel ends, also by an error, the array has each
// element exactly once.

/// The inner loops of sorting by a given order.
///
/// SAFETY: Kernels read and write exactly the ranges that they are given. The caller owns these.
@safe
@usableFromInline
struct SortKernels<Element, Failure: Error> {
  @usableFromInline typealias Place = UnsafeMutablePointer<Element>

  /// Whether the first of two elements comes before the second.
  @usableFromInline let precedes: (_ left: Place, _ right: Place) throws(Failure) -> Bool

  /// The median of three elements.
  @usableFromInline let median: (_ a: Place, _ b: Place, _ c: Place) throws(Failure) -> Place

  /// Sorts at most `smallSort` elements, stably. Initially they are in the scratch, or it has room for them.
  @usableFromInline let sortSmall:
    (_ elements: Place, _ count: Int, _ scratch: Place, _ isInScratch: Bool) throws(Failure) -> Void

  /// Returns the length of the run that begins here if it does not descend, or its negated length if it descends
  /// strictly.
  @usableFromInline let run: (_ elements: Place, _ count: Int) throws(Failure) -> Int

  /// Merges two sorted ranges into a third place.
  @usableFromInline let merge:
    (_ left: Place, _ leftCount: Int, _ right: Place, _ rightCount: Int, _ result: Place) throws(Failure) -> Void

  /// Moves elements to the left place if they come before the pivot, and otherwise to the right place; returns how many
  /// come before it.
  @usableFromInline let splitBefore: Split
  /// Like `splitBefore`, but elements equal to the pivot count as before it.
  @usableFromInline let splitThrough: Split

  @usableFromInline typealias Split =
    (_ elements: Place, _ count: Int, _ pivot: Place, _ left: Place, _ right: Place) throws(Failure) -> Int

  /// Writes the bucket of each element according to sorted pivots; see `classifyKernel`.
  @usableFromInline let classify:
    (
      _ elements: Place, _ count: Int, _ pivots: Place, _ findsEqual: Bool, _ buckets: UnsafeMutablePointer<UInt8>
    ) throws(Failure) -> Void

  /// Moves the elements of one range, or of two as if they were one, that come before the pivot to the front, in no
  /// particular order; returns how many.
  @usableFromInline let partitionBefore: Partition
  /// Like `partitionBefore`, but elements equal to the pivot count as before it.
  @usableFromInline let partitionThrough: Partition

  @usableFromInline typealias Partition =
    (_ first: Place, _ firstCount: Int, _ second: Place, _ secondCount: Int, _ pivot: Place) throws(Failure) -> Int

  /// Sorts in place, not stably, in O(n log n) whatever the order of the elements.
  @usableFromInline let heapSort: (_ elements: Place, _ count: Int) throws(Failure) -> Void

  /// A better way to sort few elements for the unstable sort, if there is one.
  @usableFromInline var leaf: SortLeaf<Element>?
}

extension SortKernels {
  /// Creates the kernels for a strict weak ordering. With any other function, they terminate and lose no element.
  @inlinable
  @inline(__always)
  init(_ less: @escaping @Sendable (Element, Element) throws(Failure) -> Bool) {
    unsafe precedes = { (left, right) throws(Failure) in unsafe try less(left.pointee, right.pointee) }
    unsafe median = { (a, b, c) throws(Failure) in unsafe try medianKernel(a, b, c, less) }
    unsafe sortSmall = { (elements, count, scratch, isInScratch) throws(Failure) in
      unsafe try sortSmallKernel(elements, count, scratch, isInScratch: isInScratch, less)
    }
    unsafe run = { (elements, count) throws(Failure) in unsafe try runKernel(elements, count, less) }
    unsafe merge = { (left, leftCount, right, rightCount, result) throws(Failure) in
      unsafe try mergeKernel(left, leftCount, right, rightCount, result, less)
    }
    unsafe splitBefore = { (elements, count, pivot, left, right) throws(Failure) in
      let pivot = unsafe pivot.pointee
      return unsafe try splitKernel(elements, count, left, right) { (element) throws(Failure) in
        unsafe try less(element.pointee, pivot)
      }
    }
    unsafe splitThrough = { (elements, count, pivot, left, right) throws(Failure) in
      let pivot = unsafe pivot.pointee
      return unsafe try splitKernel(elements, count, left, right) { (element) throws(Failure) in
        unsafe try !less(pivot, element.pointee)
      }
    }
    unsafe classify = { (elements, count, pivots, findsEqual, buckets) throws(Failure) in
      unsafe try classifyKernel(elements, count, pivots, findsEqual: findsEqual, buckets, less)
    }
    unsafe partitionBefore = { (first, firstCount, second, secondCount, pivot) throws(Failure) in
      let pivot = unsafe pivot.pointee
      return unsafe try partitionKernel(first, firstCount, second, secondCount) { (element) throws(Failure) in
        unsafe try less(element.pointee, pivot)
      }
    }
    unsafe partitionThrough = { (first, firstCount, second, secondCount, pivot) throws(Failure) in
      let pivot = unsafe pivot.pointee
      return unsafe try partitionKernel(first, firstCount, second, secondCount) { (element) throws(Failure) in
        unsafe try !less(pivot, element.pointee)
      }
    }
    unsafe heapSort = { (elements, count) throws(Failure) in unsafe try heapSortKernel(elements, count, less) }
  }
}

/// A way to sort up to `count` elements in place.
///
/// SAFETY: as for `SortKernels`.
@safe
@usableFromInline
struct SortLeaf<Element> {
  @usableFromInline let count: Int
  @usableFromInline let sort: (_ elements: UnsafeMutablePointer<Element>, _ count: Int) -> Void

  @inlinable
  init(count: Int, _ sort: @escaping (UnsafeMutablePointer<Element>, Int) -> Void) {
    self.count = count
    unsafe self.sort = sort
  }
}
