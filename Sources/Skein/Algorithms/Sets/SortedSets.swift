// Set operations on sequences that are sorted by the same order, or multiset operations if elements occur several
// times. `SetOperations.swift` describes the algorithm.

extension ParallelSequence where Element: Sendable, Failure == Never {
  /// Returns the elements that occur in this sequence, in another one, or in both, sorted.
  ///
  /// An element that occurs *m* times here and *n* times there is kept max(*m*, *n*) times: all from here, and the
  /// surplus from there.
  ///
  ///     let known = mondays.parallel.setUnion(tuesdays.parallel) { $0.id < $1.id }
  ///
  /// - Parameters:
  ///   - other: The other sequence.
  ///   - areInIncreasingOrder: A strict weak ordering, by which both sequences are sorted.
  /// - Throws: An error of a comparison, the same at every number of threads.
  /// - Precondition: Both sequences are sorted. Otherwise the result has some of their elements, in some order.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*), a block of some 8192 elements, and the longest run of
  ///   equal ones. Sequences that are not in contiguous memory are collected first. The loop runs by the plan of this
  ///   sequence.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func setUnion<Other: ParallelSequence, E>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] where Other.Element == Element, Other.Failure == Never {
    try combined(with: other, .union, areInIncreasingOrder)
  }

  /// Returns the elements that occur in this sequence and in another one, sorted.
  ///
  /// An element that occurs *m* times here and *n* times there is kept min(*m*, *n*) times, from here.
  ///
  /// Otherwise like `setUnion(_:by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func setIntersection<Other: ParallelSequence, E>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] where Other.Element == Element, Other.Failure == Never {
    try combined(with: other, .intersection, areInIncreasingOrder)
  }

  /// Returns the elements of this sequence that do not occur in another one, sorted.
  ///
  /// An element that occurs *m* times here and *n* times there is kept max(*m* − *n*, 0) times.
  ///
  /// Otherwise like `setUnion(_:by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func setDifference<Other: ParallelSequence, E>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] where Other.Element == Element, Other.Failure == Never {
    try combined(with: other, .difference, areInIncreasingOrder)
  }

  /// Returns the elements that occur in this sequence or in another one, but not in both, sorted.
  ///
  /// An element that occurs *m* times here and *n* times there is kept |*m* − *n*| times, from the sequence that has
  /// more.
  ///
  /// Otherwise like `setUnion(_:by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func setSymmetricDifference<Other: ParallelSequence, E>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] where Other.Element == Element, Other.Failure == Never {
    try combined(with: other, .symmetricDifference, areInIncreasingOrder)
  }
}

extension ParallelSequence where Element: Comparable & Sendable, Failure == Never {
  /// Like `setUnion(_:by:)` with `<`; floating-point NaNs come last, see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func setUnion<Other: ParallelSequence>(_ other: Other) -> [Element]
  where Other.Element == Element, Other.Failure == Never {
    if hasNaNs(Element.self) { return combined(with: other, .union) { precedesNumbersFirst($0, $1) } }
    return combined(with: other, .union) { $0 < $1 }
  }

  /// Like `setIntersection(_:by:)` with `<`; floating-point NaNs come last, see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func setIntersection<Other: ParallelSequence>(_ other: Other) -> [Element]
  where Other.Element == Element, Other.Failure == Never {
    if hasNaNs(Element.self) { return combined(with: other, .intersection) { precedesNumbersFirst($0, $1) } }
    return combined(with: other, .intersection) { $0 < $1 }
  }

  /// Like `setDifference(_:by:)` with `<`; floating-point NaNs come last, see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func setDifference<Other: ParallelSequence>(_ other: Other) -> [Element]
  where Other.Element == Element, Other.Failure == Never {
    if hasNaNs(Element.self) { return combined(with: other, .difference) { precedesNumbersFirst($0, $1) } }
    return combined(with: other, .difference) { $0 < $1 }
  }

  /// Like `setSymmetricDifference(_:by:)` with `<`; floating-point NaNs come last, see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func setSymmetricDifference<Other: ParallelSequence>(_ other: Other) -> [Element]
  where Other.Element == Element, Other.Failure == Never {
    if hasNaNs(Element.self) { return combined(with: other, .symmetricDifference) { precedesNumbersFirst($0, $1) } }
    return combined(with: other, .symmetricDifference) { $0 < $1 }
  }
}
