// Two parallel collections whose elements can be compared by themselves.

extension ParallelCollection where Element: Equatable {
  /// Whether two collections have the same elements in the same order; otherwise as `elementsEqual(_:by:)`.
  @inlinable
  @inline(__always)
  public func elementsEqual<Other: ParallelCollection>(_ other: Other) throws(Failure) -> Bool
  where Other.Failure == Failure, Other.Element == Element {
    try elementsEqual(other) { $0 == $1 }
  }

  /// As above, for a collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other
  ) throws(Other.Failure) -> Bool where Failure == Never, Other.Element == Element {
    try mayThrow(Other.Failure.self).elementsEqual(other)
  }

  /// As above, for another collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other
  ) throws(Failure) -> Bool where Other.Failure == Never, Other.Element == Element {
    try elementsEqual(other.mayThrow(Failure.self))
  }

  /// The number of elements before the first two that differ, or before the end of the shorter collection; otherwise as
  /// `endOfCommonPrefix(with:by:)`.
  @inlinable
  @inline(__always)
  public func endOfCommonPrefix<Other: ParallelCollection>(with other: Other) throws(Failure) -> Int
  where Other.Failure == Failure, Other.Element == Element {
    try endOfCommonPrefix(with: other) { $0 == $1 }
  }

  /// As above, for a collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other
  ) throws(Other.Failure) -> Int where Failure == Never, Other.Element == Element {
    try mayThrow(Other.Failure.self).endOfCommonPrefix(with: other)
  }

  /// As above, for another collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other
  ) throws(Failure) -> Int where Other.Failure == Never, Other.Element == Element {
    try endOfCommonPrefix(with: other.mayThrow(Failure.self))
  }
}

extension ParallelCollection where Element: Comparable {
  /// Whether this collection comes before another one in a dictionary; otherwise as `lexicographicallyPrecedes(_:by:)`.
  @inlinable
  @inline(__always)
  public func lexicographicallyPrecedes<Other: ParallelCollection>(_ other: Other) throws(Failure) -> Bool
  where Other.Failure == Failure, Other.Element == Element {
    try lexicographicallyPrecedes(other) { $0 < $1 }
  }

  /// As above, for a collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other
  ) throws(Other.Failure) -> Bool where Failure == Never, Other.Element == Element {
    try mayThrow(Other.Failure.self).lexicographicallyPrecedes(other)
  }

  /// As above, for another collection whose closures cannot throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other
  ) throws(Failure) -> Bool where Other.Failure == Never, Other.Element == Element {
    try lexicographicallyPrecedes(other.mayThrow(Failure.self))
  }
}
