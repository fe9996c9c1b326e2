// Work O(n) calls and at most 2n moves; span O(log n) of each, and an addition for every 4096 elements. Scratch: n/8 bytes, and as
// many elements as lie between the first that goes and the last that stays. Stable.

extension ParallelElements where Base: MutableCollection & RangeReplaceableCollection {
  /// Removes all elements that satisfy a condition, and keeps the order of the others.
  ///
  ///     particles.parallel.removeAll { $0.energy < threshold }
  ///
  /// The array keeps its memory, and its capacity with it. What is removed is destroyed on the calling thread.
  ///
  /// - Throws: The error of the first element in order whose call throws. Then nothing has been removed.
  /// - Precondition: The collection keeps its elements in contiguous memory, as arrays do.
  /// - Complexity: Work O(*n*); span O(log *n*), the longest of the calls, and the time to destroy what is removed. Scratch: at
  ///   most *n* elements, and *n*/8 bytes.
  @inlinable
  @inline(__always)
  public mutating func removeAll<E>(
    where shouldBeRemoved: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) {
    let boundary = try stablePartition(by: shouldBeRemoved)
    base.removeSubrange(boundary...)
    self = ParallelElements(base, plan: plan)
  }
}
