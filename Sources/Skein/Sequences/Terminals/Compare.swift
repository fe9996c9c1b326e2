// Two parallel collections, compared element by element as by the standard library: so a value that is not a number equals nothing, and precedes
// nothing.

extension ParallelCollection {
  /// Whether two collections have as many elements, and those at the same places are equivalent.
  ///
  /// Elements behind a pair that is not equivalent are not begun any more once it is found.
  /// - Parameters:
  ///   - other: The collection to compare with.
  ///   - areEquivalent: An equivalence relation.
  /// - Throws: The error of the first pair for which a closure throws, if no pair before it differs.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls. O(1) if the counts differ and no closure can throw.
  @inlinable
  @inline(__always)
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Failure) -> Bool where Other.Failure == Failure {
    let isQuiet = Failure.self == Never.self
    if isQuiet && count != other.count { return false }
    let differs = try zip(self, other).compactMap { areEquivalent($0.0, $0.1) ? nil : true }.findFirst(isAny: isQuiet)
    return differs == nil && count == other.count
  }

  /// As above, for a collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Other.Failure) -> Bool where Failure == Never {
    try mayThrow(Other.Failure.self).elementsEqual(other, by: areEquivalent)
  }

  /// As above, for another collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Failure) -> Bool where Other.Failure == Never {
    try elementsEqual(other.mayThrow(Failure.self), by: areEquivalent)
  }

  /// As `elementsEqual(_:by:)`, with a relation that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection, E>(
    _ other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never, Other.Failure == Never {
    let isEqual = try zip(self, other).map { (pair) throws(E) in try areEquivalent(pair.0, pair.1) }.allSatisfy { $0 }
    return isEqual && count == other.count
  }

  /// The number of elements before the first pair that is not equivalent, or before the end of the shorter collection if there is none.
  ///
  /// Elements behind that pair are not begun any more once it is found.
  /// - Parameters:
  ///   - other: The collection to compare with.
  ///   - areEquivalent: An equivalence relation.
  /// - Throws: The error of the first pair for which a closure throws, if no pair before it differs.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @inlinable
  @inline(__always)
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Failure) -> Int where Other.Failure == Failure {
    let offset: Int? = try zip(self, other).firstIndex { !areEquivalent($0.0, $0.1) }
    return offset ?? Swift.min(count, other.count)
  }

  /// As above, for a collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Other.Failure) -> Int where Failure == Never {
    try mayThrow(Other.Failure.self).endOfCommonPrefix(with: other, by: areEquivalent)
  }

  /// As above, for another collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) -> Bool
  ) throws(Failure) -> Int where Other.Failure == Never {
    try endOfCommonPrefix(with: other.mayThrow(Failure.self), by: areEquivalent)
  }

  /// As `endOfCommonPrefix(with:by:)`, with a relation that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection, E>(
    with other: Other, by areEquivalent: @escaping @Sendable (Element, Other.Element) throws(E) -> Bool
  ) throws(E) -> Int where Failure == Never, Other.Failure == Never {
    let offset: Int? = try zip(self, other).firstIndex { (pair) throws(E) in try !areEquivalent(pair.0, pair.1) }
    return offset ?? Swift.min(count, other.count)
  }

  /// Whether this collection comes before another one in a dictionary that is sorted by an order: at the first place where two elements differ
  /// this one's comes first, or there is none, and this collection is the shorter one.
  ///
  /// Elements behind that place are not begun any more once it is found.
  /// - Parameters:
  ///   - other: The collection to compare with.
  ///   - areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first pair for which a closure throws, if no pair before it decides.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @inlinable
  @inline(__always)
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Failure) -> Bool where Other.Failure == Failure, Other.Element == Element {
    let decision = try zip(self, other).compactMap {
      areInIncreasingOrder($0.0, $0.1) ? true : areInIncreasingOrder($0.1, $0.0) ? false : nil
    }.findFirst()
    return decision ?? (count < other.count)
  }

  /// As above, for a collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Other.Failure) -> Bool where Failure == Never, Other.Element == Element {
    try mayThrow(Other.Failure.self).lexicographicallyPrecedes(other, by: areInIncreasingOrder)
  }

  /// As above, for another collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other, by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Failure) -> Bool where Other.Failure == Never, Other.Element == Element {
    try lexicographicallyPrecedes(other.mayThrow(Failure.self), by: areInIncreasingOrder)
  }

  /// As `lexicographicallyPrecedes(_:by:)`, with an order that may throw.
  @inlinable
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
