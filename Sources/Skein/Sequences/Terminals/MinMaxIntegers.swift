// The greatest integer is neutral for the minimum, and the least one for the maximum. So the fold is one instruction,
// which the optimiser vectorises, without a test for the first element. The results are those of the general forms.

extension ParallelSequence where Element: FixedWidthInteger & Sendable {
  /// Returns the least element, or nil if there are none.
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func min() throws(Failure) -> Element? {
    try foldIntegers(from: .max) { Swift.min($0, $1) }
  }

  /// Returns the greatest element, or nil if there are none.
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func max() throws(Failure) -> Element? {
    try foldIntegers(from: .min) { Swift.max($0, $1) }
  }

  /// Returns the least and the greatest element, or nil if there are none.
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) of them.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func minAndMax() throws(Failure) -> (min: Element, max: Element)? {
    let found = try reducePieces(
      start: { _ in FoldedIntegers(value: (min: Element.max, max: Element.min)) },
      fold: { (element, found) throws(Failure) in
        found.isEmpty = false
        found.value.min = Swift.min(found.value.min, element)
        found.value.max = Swift.max(found.value.max, element)
        return true
      },
      combine: { (left, right) throws(Failure) in
        left.isEmpty = left.isEmpty && right.isEmpty
        left.value.min = Swift.min(left.value.min, right.value.min)
        left.value.max = Swift.max(left.value.max, right.value.max)
      }
    ).first
    guard let found, !found.isEmpty else { return nil }
    return found.value
  }

  @_alwaysEmitIntoClient
  @inline(__always)
  func foldIntegers(
    from start: Element, _ combine: @escaping (Element, Element) -> Element
  ) throws(Failure) -> Element? {
    let found = try reducePieces(
      start: { _ in FoldedIntegers(value: start) },
      fold: { (element, found) throws(Failure) in
        found.isEmpty = false
        found.value = combine(found.value, element)
        return true
      },
      combine: { (left, right) throws(Failure) in
        left.isEmpty = left.isEmpty && right.isEmpty
        left.value = combine(left.value, right.value)
      }
    ).first
    guard let found, !found.isEmpty else { return nil }
    return found.value
  }
}

/// The result of folding integers, and whether there were any.
@usableFromInline
struct FoldedIntegers<Value> {
  @usableFromInline var value: Value
  @usableFromInline var isEmpty = true

  @inlinable
  init(value: Value) { self.value = value }
}
