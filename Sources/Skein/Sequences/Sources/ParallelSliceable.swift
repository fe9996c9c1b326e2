/// A source of elements that can be cut into slices, like the elements of a collection: a range of integers, a buffer, a
/// lent span, an inline array.
public protocol ParallelSliceable<Element>: ParallelCollection where Failure == Never, Element: Sendable {
  /// A collection of the same elements.
  associatedtype Base: RandomAccessCollection & Sendable where Base.Element == Element

  /// The elements as those of a collection.
  var collection: ParallelElements<Base> { get }
}

extension ParallelSliceable {
  /// Returns slices of `count` neighbouring elements, one after another; the last may be shorter.
  ///
  /// The limits of batches count slices.
  /// - Precondition: `count` is at least 1.
  @inlinable
  public func chunks(ofCount count: Int) -> ParallelSlices<Base> { collection.chunks(ofCount: count) }

  /// Returns slices of `count` neighbouring elements, one beginning at each element that is followed by enough others.
  /// - Precondition: `count` is at least 1.
  @inlinable
  public func windows(ofCount count: Int) -> ParallelSlices<Base> { collection.windows(ofCount: count) }

  /// Returns the longest runs of neighbours that belong together, as slices; lazy and in order.
  ///
  /// - Parameter belongTogether: Returns whether an element belongs to the same run as its predecessor. A pure
  ///   function: two threads whose parts meet in the middle of a run may both call it for the same elements.
  /// - Complexity: Work O(*n*) calls; span, the longest run.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func chunked(by belongTogether: @escaping @Sendable (Element, Element) -> Bool) -> ParallelChunks<Base, Never>
  {
    collection.chunked(by: belongTogether)
  }

  /// Like `chunked(by:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func chunked<E>(
    by belongTogether: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) -> ParallelChunks<Base, E> {
    collection.chunked(by: belongTogether)
  }

  /// Returns the slices between elements that satisfy a condition, like the standard library's `split`; lazy and in
  /// order.
  ///
  /// - Parameters:
  ///   - omittingEmptySubsequences: Whether empty slices, at the ends and between two separators, are left out.
  ///   - isSeparator: A pure function: two threads whose parts meet in the middle of a slice may both call it for the
  ///     same elements.
  /// - Complexity: Work O(*n*) calls; span, the longest slice.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func split(
    omittingEmptySubsequences: Bool = true, whereSeparator isSeparator: @escaping @Sendable (Element) -> Bool
  ) -> ParallelSplit<Base, Never> {
    collection.split(omittingEmptySubsequences: omittingEmptySubsequences, whereSeparator: isSeparator)
  }

  /// Like `split(omittingEmptySubsequences:whereSeparator:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func split<E>(
    omittingEmptySubsequences: Bool = true,
    whereSeparator isSeparator: @escaping @Sendable (Element) throws(E) -> Bool
  ) -> ParallelSplit<Base, E> {
    collection.split(omittingEmptySubsequences: omittingEmptySubsequences, whereSeparator: isSeparator)
  }
}

extension ParallelSliceable where Element: Equatable {
  /// Returns the slices between elements that equal `separator`, like the standard library's `split`; lazy and in
  /// order.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func split(separator: Element, omittingEmptySubsequences: Bool = true) -> ParallelSplit<Base, Never> {
    split(omittingEmptySubsequences: omittingEmptySubsequences) { $0 == separator }
  }
}

/// The slices are ranges.
///
/// - Precondition: The number of integers fits in an `Int`.
extension ParallelIntegers: ParallelSliceable {
  @inlinable
  @inline(__always)
  public var collection: ParallelElements<Base> {
    _ = count
    return ParallelElements(base, plan: plan)
  }
}

/// The elements of a buffer as a collection that can be used on any thread.
///
/// SAFETY: as for `ParallelBuffer`, of which it is made; its slices are not used when that must not be any more.
@safe
public struct BufferElements<Element: Sendable>: RandomAccessCollection, @unchecked Sendable {
  @usableFromInline let base: UnsafeBufferPointer<Element>

  @inlinable
  init(_ base: UnsafeBufferPointer<Element>) { unsafe self.base = base }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { unsafe base.count }
  @inlinable public subscript(position: Int) -> Element { unsafe base[position] }

  @inlinable
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    unsafe try body(base)
  }
}

/// The slices share the buffer's memory.
extension ParallelBuffer: ParallelSliceable {
  @inlinable
  public var collection: ParallelElements<BufferElements<Element>> {
    unsafe ParallelElements(BufferElements(base), plan: plan)
  }
}

/// The slices share the buffer's memory.
extension ParallelMutableBuffer: ParallelSliceable {
  @inlinable
  public var collection: ParallelElements<BufferElements<Element>> {
    unsafe ParallelElements(BufferElements(UnsafeBufferPointer(base)), plan: plan)
  }
}

/// The slices are those of a copy, which may outlive the span.
extension ParallelSpan: ParallelSliceable {
  @inlinable
  public var collection: ParallelElements<ContiguousArray<Element>> {
    unsafe withContiguousElements { elements in
      unsafe ParallelElements(ContiguousArray(elements!), plan: plan)
    }
  }
}

/// The slices are those of a copy.
@available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
extension ParallelInline: ParallelSliceable {
  @inlinable
  public var collection: ParallelElements<ContiguousArray<Element>> {
    unsafe withContiguousElements { elements in
      unsafe ParallelElements(ContiguousArray(elements!), plan: plan)
    }
  }
}
