// Vectors are not `AdditiveArithmetic`: what adding them means depends on their scalars.

extension ParallelSequence where Element: SIMD & Sendable, Element.Scalar: FloatingPoint {
  /// Returns the sum of all vectors, lane by lane; zero if there are none.
  ///
  /// The grouping of the terms depends on the number of positions alone, so the sum has the same bits at every number
  /// of threads.
  /// - Complexity: Work O(*n*); span O(log *n*).
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func sum() throws(Failure) -> Element {
    try reduceBlocks(
      fineBlocks, start: { Element() },
      fold: { (element, sum) throws(Failure) in
        sum += element
        return true
      },
      combine: { (left, right) throws(Failure) in left += right }) ?? Element()
  }
}

extension ParallelSequence where Element: SIMD & Sendable, Element.Scalar: FixedWidthInteger {
  /// Returns the sum of all vectors, lane by lane; zero if there are none. It wraps around, like `&+`, the only
  /// addition that such vectors have.
  /// - Complexity: Work O(*n*); span O(log *n*).
  @_alwaysEmitIntoClient
  @inline(__always)
  public func wrappedSum() throws(Failure) -> Element {
    try reduceBlocks(
      fineBlocks, start: { Element() },
      fold: { (element, sum) throws(Failure) in
        sum &+= element
        return true
      },
      combine: { (left, right) throws(Failure) in left &+= right }) ?? Element()
  }
}
