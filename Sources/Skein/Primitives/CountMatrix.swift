/// A row of counts for each part of some elements: first how many of them go to each bucket, and then where the next of
/// those goes.
///
/// This is the bookkeeping of every pass that counts and scatters: each part counts for itself, one exclusive scan over
/// the columns turns all counts into destinations, and each part then moves its own elements.
///
/// SAFETY: The memory is valid inside `withCountMatrix`; each part uses its own row, and the scan runs between the
/// loops over the parts.
@safe
@usableFromInline
struct CountMatrix<Number: FixedWidthInteger> {
  @usableFromInline let numbers: UnsafeMutablePointer<Number>
  @usableFromInline let partCount: Int
  @usableFromInline let bucketCount: Int

  @inlinable
  init(_ numbers: UnsafeMutablePointer<Number>, partCount: Int, bucketCount: Int) {
    unsafe self.numbers = numbers
    self.partCount = partCount
    self.bucketCount = bucketCount
  }

  /// The counts of a part, one for each bucket.
  @inlinable
  @inline(__always)
  func row(_ part: Int) -> UnsafeMutablePointer<Number> { unsafe numbers + part &* bucketCount }

  /// Turns counts into destinations, by an exclusive scan: bucket by bucket, and within each the parts in order.
  @inlinable
  func makePlaces() {
    var sum: Number = 0
    for bucket in 0..<bucketCount {
      for part in 0..<partCount {
        let index = part &* bucketCount &+ bucket
        let number = unsafe numbers[index]
        unsafe numbers[index] = sum
        sum &+= number
      }
    }
  }

  /// Returns the range of a bucket's elements, once every part has moved its own.
  @inlinable
  func range(of bucket: Int) -> Range<Int> {
    // The last row now has the end of each bucket.
    let ends = unsafe row(partCount &- 1)
    return unsafe (bucket == 0 ? 0 : Int(ends[bucket &- 1]))..<Int(ends[bucket])
  }
}

/// Calls `body` with a matrix of zeros.
@inlinable
func withCountMatrix<Result, Failure: Error>(
  partCount: Int, bucketCount: Int, _ body: (CountMatrix<Int>) throws(Failure) -> Result
) throws(Failure) -> Result {
  try withCounts(partCount * bucketCount) { (counts) throws(Failure) in
    unsafe try body(CountMatrix(counts.numbers, partCount: partCount, bucketCount: bucketCount))
  }
}
