extension ParallelSequence where Element: Sendable {
  /// Returns the first of the smallest and the last of the largest elements by an order, or nil if there are none.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func minAndMax(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Failure) -> (min: Element, max: Element)? {
    try reduceBlocks(
      fineBlocks, start: { nil as (min: Element, max: Element)? },
      fold: { (element, found) throws(Failure) in
        if let (min, max) = found {
          if areInIncreasingOrder(element, min) { found!.min = element }
          if !areInIncreasingOrder(element, max) { found!.max = element }
        } else {
          found = (element, element)
        }
        return true
      },
      combine: { (left, right) throws(Failure) in
        guard let right else { return }
        if let (min, max) = left {
          if areInIncreasingOrder(right.min, min) { left!.min = right.min }
          if !areInIncreasingOrder(right.max, max) { left!.max = right.max }
        } else {
          left = right
        }
      }) ?? nil
  }

  /// Like `minAndMax(by:)`, with an order that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func minAndMax<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> (min: Element, max: Element)? where Failure == Never {
    try mayThrow(E.self).reduceBlocks(
      fineBlocks, start: { nil as (min: Element, max: Element)? },
      fold: { (element, found) throws(E) in
        if let (min, max) = found {
          if try areInIncreasingOrder(element, min) { found!.min = element }
          if try !areInIncreasingOrder(element, max) { found!.max = element }
        } else {
          found = (element, element)
        }
        return true
      },
      combine: { (left, right) throws(E) in
        guard let right else { return }
        if let (min, max) = left {
          if try areInIncreasingOrder(right.min, min) { left!.min = right.min }
          if try !areInIncreasingOrder(right.max, max) { left!.max = right.max }
        } else {
          left = right
        }
      }) ?? nil
  }
}

extension ParallelSequence where Element: Comparable & Sendable {
  /// Returns the first of the smallest and the last of the largest elements, or nil if there are none.
  ///
  /// If the first element is NaN, it is both; any other NaN is skipped, as by `min()` and `max()`.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func minAndMax() throws(Failure) -> (min: Element, max: Element)? {
    let found = try reducePieces(
      start: { _ in Extrema<Element>() },
      fold: { (element, found) throws(Failure) in
        found.add(element)
        return true
      },
      combine: { (left, right) throws(Failure) in left.add(right) }
    ).first
    guard let found, let first = found.first else { return nil }
    return first == first ? found.range : (first, first)
  }
}

/// The extreme elements of a piece among those that can be compared, and its first one; see `extremum`.
@usableFromInline
struct Extrema<Element: Comparable> {
  @usableFromInline var first: Element?
  @usableFromInline var range: (min: Element, max: Element)?

  @inlinable
  init() {}

  @inlinable
  @inline(__always)
  mutating func add(_ element: Element) {
    if let (min, max) = range {
      // An unordered element is neither less nor at least as large.
      if element < min { range!.min = element }
      if element >= max { range!.max = element }
    } else {
      begin(with: element)
    }
  }

  /// Takes an element while no ordered one has been found.
  @inlinable
  mutating func begin(with element: Element) {
    if first == nil { first = element }
    if element == element { range = (element, element) }
  }

  /// Takes in the piece to the right.
  @inlinable
  mutating func add(_ right: Extrema) {
    first = first ?? right.first
    guard let candidate = right.range else { return }
    if let (min, max) = range {
      if candidate.min < min { range!.min = candidate.min }
      if candidate.max >= max { range!.max = candidate.max }
    } else {
      range = candidate
    }
  }
}
