extension ParallelSequence where Element: Sendable {
  /// The first of the smallest elements by an order, or nil if there are none.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @inlinable
  @inline(__always)
  public func min(by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool) throws(Failure) -> Element? {
    try reduce { areInIncreasingOrder($1, $0) ? $1 : $0 }
  }

  /// As `min(by:)`, with an order that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func min<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Element? where Failure == Never {
    try reduce { (left, right) throws(E) in try areInIncreasingOrder(right, left) ? right : left }
  }

  /// The first of the largest elements by an order, or nil if there are none.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @inlinable
  @inline(__always)
  public func max(by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool) throws(Failure) -> Element? {
    try reduce { areInIncreasingOrder($0, $1) ? $1 : $0 }
  }

  /// As `max(by:)`, with an order that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func max<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Element? where Failure == Never {
    try reduce { (left, right) throws(E) in try areInIncreasingOrder(left, right) ? right : left }
  }
}

extension ParallelSequence where Element: Comparable & Sendable {
  /// The first of the smallest elements, or nil if there are none: what the standard library's `min()` gives.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @inlinable
  @inline(__always)
  public func min() throws(Failure) -> Element? { try extremum { $1 < $0 } }

  /// The first of the largest elements, or nil if there are none: what the standard library's `max()` gives.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @inlinable
  @inline(__always)
  public func max() throws(Failure) -> Element? { try extremum { $0 < $1 } }

  /// The standard library's answer in the presence of values such as NaN, which compare as nothing: one that comes first stays,
  /// all others are passed over. That must not depend on where the loop is divided, so each piece keeps its first element and the
  /// best of those that can be compared.
  @inlinable
  @inline(__always)
  func extremum(_ isBetter: @escaping @Sendable (Element, Element) -> Bool) throws(Failure) -> Element? {
    let found = try map { Extremum(first: $0, best: $0 == $0 ? $0 : nil) }.reduce { left, right in
      guard let candidate = right.best else { return left }
      guard let best = left.best, !isBetter(best, candidate) else {
        return Extremum(first: left.first, best: candidate)
      }
      return left
    }
    return found.map { $0.first == $0.first ? $0.best! : $0.first }
  }
}

@usableFromInline
struct Extremum<Element: Sendable>: Sendable {
  @usableFromInline let first: Element
  @usableFromInline let best: Element?

  @inlinable
  init(first: Element, best: Element?) {
    self.first = first
    self.best = best
  }
}
