// Two parallel collections of elements that are `Equatable` or `Comparable`.

extension ParallelCollection where Element: Equatable {
  /// Returns whether two collections have the same elements in the same order; otherwise like `elementsEqual(_:by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func elementsEqual<Other: ParallelCollection>(_ other: Other) throws(Failure) -> Bool
  where Other.Failure == Failure, Other.Element == Element {
    try elementsEqual(other) { $0 == $1 }
  }

  /// Like `elementsEqual(_:)`, for a collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other
  ) throws(Other.Failure) -> Bool where Failure == Never, Other.Element == Element {
    try mayThrow(Other.Failure.self).elementsEqual(other)
  }

  /// Like `elementsEqual(_:)`, with another collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func elementsEqual<Other: ParallelCollection>(
    _ other: Other
  ) throws(Failure) -> Bool where Other.Failure == Never, Other.Element == Element {
    try elementsEqual(other.mayThrow(Failure.self))
  }

  /// Returns the length of the common prefix: the number of elements before the first two that differ, or the length of
  /// the shorter collection; otherwise like `endOfCommonPrefix(with:by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func endOfCommonPrefix<Other: ParallelCollection>(with other: Other) throws(Failure) -> Int
  where Other.Failure == Failure, Other.Element == Element {
    try endOfCommonPrefix(with: other) { $0 == $1 }
  }

  /// Like `endOfCommonPrefix(with:)`, for a collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other
  ) throws(Other.Failure) -> Int where Failure == Never, Other.Element == Element {
    try mayThrow(Other.Failure.self).endOfCommonPrefix(with: other)
  }

  /// Like `endOfCommonPrefix(with:)`, with another collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func endOfCommonPrefix<Other: ParallelCollection>(
    with other: Other
  ) throws(Failure) -> Int where Other.Failure == Never, Other.Element == Element {
    try endOfCommonPrefix(with: other.mayThrow(Failure.self))
  }
}

extension ParallelCollection where Element: Comparable {
  /// Returns whether this collection precedes another one in lexicographical order; otherwise like
  /// `lexicographicallyPrecedes(_:by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lexicographicallyPrecedes<Other: ParallelCollection>(_ other: Other) throws(Failure) -> Bool
  where Other.Failure == Failure, Other.Element == Element {
    try lexicographicallyPrecedes(other) { $0 < $1 }
  }

  /// Like `lexicographicallyPrecedes(_:)`, for a collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other
  ) throws(Other.Failure) -> Bool where Failure == Never, Other.Element == Element {
    try mayThrow(Other.Failure.self).lexicographicallyPrecedes(other)
  }

  /// Like `lexicographicallyPrecedes(_:)`, with another collection whose closures cannot throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func lexicographicallyPrecedes<Other: ParallelCollection>(
    _ other: Other
  ) throws(Failure) -> Bool where Other.Failure == Never, Other.Element == Element {
    try lexicographicallyPrecedes(other.mayThrow(Failure.self))
  }
}
