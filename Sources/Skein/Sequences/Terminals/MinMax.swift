extension ParallelSequence where Element: Sendable {
  /// Returns the first of the smallest elements by an order, or nil if there are none.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func min(by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool) throws(Failure) -> Element? {
    try reduce { areInIncreasingOrder($1, $0) ? $1 : $0 }
  }

  /// Like `min(by:)`, with an order that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func min<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Element? where Failure == Never {
    try reduce { (left, right) throws(E) in try areInIncreasingOrder(right, left) ? right : left }
  }

  /// Returns the first of the largest elements by an order, or nil if there are none.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func max(by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool) throws(Failure) -> Element? {
    try reduce { areInIncreasingOrder($0, $1) ? $1 : $0 }
  }

  /// Like `max(by:)`, with an order that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func max<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Element? where Failure == Never {
    try reduce { (left, right) throws(E) in try areInIncreasingOrder(left, right) ? right : left }
  }
}

extension ParallelSequence where Element: Comparable & Sendable {
  /// Returns the first of the smallest elements, or nil if there are none: the same as the standard library's `min()`.
  ///
  /// So if the first element is NaN, it is the result; any other NaN is skipped. `min(count: 1)` follows the rule of
  /// the sorts; see <doc:Sorting>.
  ///
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func min() throws(Failure) -> Element? { try extremum { $1 < $0 } }

  /// Returns the first of the largest elements, or nil if there are none: the same as the standard library's `max()`.
  ///
  /// So if the first element is NaN, it is the result; any other NaN is skipped. `max(count: 1)` follows the rule of
  /// the sorts; see <doc:Sorting>.
  ///
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func max() throws(Failure) -> Element? { try extremum { $0 < $1 } }

  /// The standard library's answer in the presence of values such as NaN, which are unordered: one that comes first stays, all
  /// others are passed over. That must not depend on where the loop is divided, so each piece keeps its first element and the
  /// best of those that can be compared.
  @_alwaysEmitIntoClient
  @inline(__always)
  func extremum(_ isBetter: @escaping @Sendable (Element, Element) -> Bool) throws(Failure) -> Element? {
    let found = try reducePieces(
      start: { _ in Extremum<Element>() },
      fold: { (element, found) throws(Failure) in
        if let best = found.best {
          // An unordered value is not better than anything, nor anything better than it.
          if isBetter(best, element) { found.best = element }
        } else {
          found.begin(with: element)
        }
        return true
      },
      combine: { (left, right) throws(Failure) in
        left.first = left.first ?? right.first
        guard let candidate = right.best else { return }
        if left.best.map({ isBetter($0, candidate) }) ?? true { left.best = candidate }
      }
    ).first
    guard let found, let first = found.first else { return nil }
    return first == first ? found.best : first
  }
}

/// The best element of a piece, and its first one.
@usableFromInline
struct Extremum<Element: Comparable> {
  @usableFromInline var first: Element?
  @usableFromInline var best: Element?

  @inlinable
  init() {}

  /// Takes an element while there is no best one yet.
  @inlinable
  mutating func begin(with element: Element) {
    if first == nil { first = element }
    if element == element { best = element }
  }
}
