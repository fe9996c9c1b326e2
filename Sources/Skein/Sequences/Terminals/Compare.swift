// Two parallel collections are compared element by element, as by the standard library: so NaN equals nothing, and
// precedes nothing.

extension ParallelCollection {
  /// Returns whether two collections have the same number of elements, and elements at the same position are
  /// equivalent.
  ///
  /// Elements behind a pair that is not equivalent are not begun any more once it is found.
  /// - Parameters:
  ///   - other: The collection to compare with.
  ///   - areEquivalent: An equivalence relation.
  /// - Throws: The error of the first pair for which a closure throws, if no pair before it differs.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls. O(1) if the counts differ and no closure can throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Failure) -> Bool where Other.Failure == Failure {
    let isQuiet = Failure.self == Never.self
    if isQuiet && count != other.count { return false }
    let differs = try zip(self, other).compactMap { areEquivalent($0.0, $0.1) ? nil : true }.findFirst(isAny: isQuiet)
    return differs == nil && count == other.count
  }

  /// Like `elementsEqual(_:by:)`, for a collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Other.Failure) -> Bool where Failure == Never {
    try mayThrow(Other.Failure.self).elementsEqual(other, by: areEquivalent)
  }

  /// Like `elementsEqual(_:by:)`, with another collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Failure) -> Bool where Other.Failure == Never {
    try elementsEqual(other.mayThrow(Failure.self), by: areEquivalent)
  }

  /// Like `elementsEqual(_:by:)`, with a relation that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection, E>(
    _ other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never, Other.Failure == Never {
    let isEqual = try zip(self, other).map { (pair) throws(E) in try areEquivalent(pair.0, pair.1) }.allSatisfy { $0 }
    return isEqual && count == other.count
  }

  /// Returns the length of the common prefix: the number of elements before the first pair that is not equivalent, or
  /// the length of the shorter collection if there is none.
  ///
  /// Elements behind that pair are not begun any more once it is found.
  /// - Parameters:
  ///   - other: The collection to compare with.
  ///   - areEquivalent: An equivalence relation.
  /// - Throws: The error of the first pair for which a closure throws, if no pair before it differs.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Failure) -> Int where Other.Failure == Failure {
    let offset: Int? = try zip(self, other).firstIndex { !areEquivalent($0.0, $0.1) }
    return offset ?? Swift.min(count, other.count)
  }

  /// Like `endOfCommonPrefix(with:by:)`, for a collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Other.Failure) -> Int where Failure == Never {
    try mayThrow(Other.Failure.self).endOfCommonPrefix(with: other, by: areEquivalent)
  }

  /// Like `endOfCommonPrefix(with:by:)`, with another collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Failure) -> Int where Other.Failure == Never {
    try endOfCommonPrefix(with: other.mayThrow(Failure.self), by: areEquivalent)
  }

  /// Like `endOfCommonPrefix(with:by:)`, with a relation that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection, E>(
    with other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) throws(E) -> Bool
  ) throws(E) -> Int where Failure == Never, Other.Failure == Never {
    let offset: Int? = try zip(self, other).firstIndex { (pair) throws(E) in try !areEquivalent(pair.0, pair.1) }
    return offset ?? Swift.min(count, other.count)
  }

  /// Returns whether this collection precedes another one in lexicographical order: at the first position where they
  /// differ, this one's element comes first, or there is no such position and this collection is the shorter one.
  ///
  /// Elements behind that position are not begun any more once it is found.
  /// - Parameters:
  ///   - other: The collection to compare with.
  ///   - areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first pair for which a closure throws, if no pair before it decides.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Failure) -> Bool where Other.Failure == Failure, Other.Element == Element {
    let decision = try zip(self, other).compactMap {
      areInIncreasingOrder($0.0, $0.1) ? true : areInIncreasingOrder($0.1, $0.0) ? false : nil
    }.findFirst()
    return decision ?? (count < other.count)
  }

  /// Like `lexicographicallyPrecedes(_:by:)`, for a collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Other.Failure) -> Bool where Failure == Never, Other.Element == Element {
    try mayThrow(Other.Failure.self).lexicographicallyPrecedes(other, by: areInIncreasingOrder)
  }

  /// Like `lexicographicallyPrecedes(_:by:)`, with another collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Failure) -> Bool where Other.Failure == Never, Other.Element == Element {
    try lexicographicallyPrecedes(other.mayThrow(Failure.self), by: areInIncreasingOrder)
  }

  /// Like `lexicographicallyPrecedes(_:by:)`, with an order that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func lexicographicallyPrecedes<Other: ParallelCollection, E>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never, Other.Failure == Never, Other.Element == Element {
    let decision = try zip(self, other).map { (pair) throws(E) in
      if try areInIncreasingOrder(pair.0, pair.1) { return true as Bool? }
      return try areInIncreasingOrder(pair.1, pair.0) ? false : nil
    }.compactMap { $0 }.findFirst()
    return decision ?? (count < other.count)
  }
}
