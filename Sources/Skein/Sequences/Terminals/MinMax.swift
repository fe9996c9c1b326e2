extension ParallelSequence where Element: Sendable {
  /// The first of the smallest elements by an order, or nil if there are none.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @inlinable
  public func min(by areInIncreasingOrder: @Sendable (Element, Element) -> Bool) throws(Failure) -> Element? {
    try reduce { areInIncreasingOrder($1, $0) ? $1 : $0 }
  }

  /// As `min(by:)`, with an order that may throw.
  @inlinable
  @_disfavoredOverload
  public func min<E>(
    by areInIncreasingOrder: @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Element? where Failure == Never {
    try reduce { (left, right) throws(E) in try areInIncreasingOrder(right, left) ? right : left }
  }

  /// The first of the largest elements by an order, or nil if there are none.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @inlinable
  public func max(by areInIncreasingOrder: @Sendable (Element, Element) -> Bool) throws(Failure) -> Element? {
    try reduce { areInIncreasingOrder($0, $1) ? $1 : $0 }
  }

  /// As `max(by:)`, with an order that may throw.
  @inlinable
  @_disfavoredOverload
  public func max<E>(
    by areInIncreasingOrder: @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Element? where Failure == Never {
    try reduce { (left, right) throws(E) in try areInIncreasingOrder(left, right) ? right : left }
  }
}

extension ParallelSequence where Element: Comparable & Sendable {
  /// The first of the smallest elements, or nil if there are none: what the standard library's `min()` gives.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @inlinable
  public func min() throws(Failure) -> Element? { try extremum { $1 < $0 } }

  /// The first of the largest elements, or nil if there are none: what the standard library's `max()` gives.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @inlinable
  public func max() throws(Failure) -> Element? { try extremum { $0 < $1 } }

  /// The standard library's answer in the presence of values such as NaN, which compare as nothing: one that comes first stays,
  /// all others are passed over. That must not depend on where the loop is divided, so they are passed over in every piece.
  @inlinable
  func extremum(_ isBetter: @escaping @Sendable (Element, Element) -> Bool) throws(Failure) -> Element? {
    let best = try map { Candidate(element: $0) }.reduce { left, right in
      if right.element != right.element { return left }
      if left.element != left.element { return left.isFirst ? left : right }
      return isBetter(left.element, right.element) ? right : left
    }
    return best?.element
  }
}
