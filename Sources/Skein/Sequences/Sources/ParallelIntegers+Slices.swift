// Runs and pieces of a range whose bounds depend on its integers, as for any other collection.

extension ParallelIntegers {
  /// These integers as elements of a collection.
  /// - Precondition: Their number fits in an `Int`.
  @inlinable
  @inline(__always)
  var elements: ParallelElements<Base> {
    _ = count
    return ParallelElements(base, plan: plan)
  }

  /// Returns the longest ranges of neighbours that belong together; lazy and in order.
  ///
  ///     let decades = (1990...2026).parallel.chunked { $0 / 10 == $1 / 10 }
  ///
  /// - Parameter belongTogether: Returns whether an integer belongs to the same range as its predecessor. A pure
  ///   function: two threads whose parts meet in the middle of a range may both call it for the same integers.
  /// - Complexity: Work O(*n*) calls; span, the longest range.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func chunked(
    by belongTogether: @escaping @Sendable (Element, Element) -> Bool
  ) -> ParallelChunks<Base, Never> {
    elements.chunked(by: belongTogether)
  }

  /// Like `chunked(by:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func chunked<E>(
    by belongTogether: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) -> ParallelChunks<Base, E> {
    elements.chunked(by: belongTogether)
  }

  /// Returns the ranges between integers that satisfy a condition, like the standard library's `split`; lazy and in
  /// order.
  ///
  /// - Parameters:
  ///   - omittingEmptySubsequences: Whether empty ranges, at the ends and between two separators, are left out.
  ///   - isSeparator: A pure function: two threads whose parts meet in the middle of a range may both call it for the
  ///     same integers.
  /// - Complexity: Work O(*n*) calls; span, the longest range.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func split(
    omittingEmptySubsequences: Bool = true, whereSeparator isSeparator: @escaping @Sendable (Element) -> Bool
  ) -> ParallelSplit<Base, Never> {
    elements.split(omittingEmptySubsequences: omittingEmptySubsequences, whereSeparator: isSeparator)
  }

  /// Like `split(omittingEmptySubsequences:whereSeparator:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func split<E>(
    omittingEmptySubsequences: Bool = true,
    whereSeparator isSeparator: @escaping @Sendable (Element) throws(E) -> Bool
  ) -> ParallelSplit<Base, E> {
    elements.split(omittingEmptySubsequences: omittingEmptySubsequences, whereSeparator: isSeparator)
  }
}
