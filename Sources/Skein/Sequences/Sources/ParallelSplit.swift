/// Slices of a random-access collection between separators, in parallel.
public struct ParallelSplit<Base: RandomAccessCollection & Sendable, Failure: Error>: ParallelSequence
where Base.Element: Sendable {
  public typealias Element = Base.SubSequence

  @usableFromInline let base: ParallelElements<Base>
  @usableFromInline let omitsEmpty: Bool
  @usableFromInline let isSeparator: @Sendable (Base.Element) throws(Failure) -> Bool

  @inlinable
  init(
    _ base: ParallelElements<Base>, omitsEmpty: Bool,
    _ isSeparator: @escaping @Sendable (Base.Element) throws(Failure) -> Bool
  ) {
    self.base = base
    self.omitsEmpty = omitsEmpty
    self.isSeparator = isSeparator
  }

  @inlinable public var plan: LoopPlan { base.plan }

  /// An empty slice may begin at the end, which needs a position of its own.
  @inlinable
  public var positionCount: Int {
    let count = base.positionCount
    require(omitsEmpty || count < .max, "a collection of so many elements may have more slices than an Int can count")
    return count + (omitsEmpty ? 0 : 1)
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe base.withCountedSource(omitsEmpty, body)
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let isSeparator: (Base.Element) throws(Failure) -> Bool

    @inlinable
    init(isSeparator: @escaping (Base.Element) throws(Failure) -> Bool) { self.isSeparator = isSeparator }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender {
    let isSeparator = isSeparator
    return { body in lend(Link(isSeparator: isSeparator), to: body) }
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let elements = unsafe ParallelElements<Base>.Counted(source)
    return closures.withLink(as: Link.self) { link in
      do throws(Failure) {
        // A slice that began before belongs to the previous part: the next one begins behind a separator.
        var start = positions.lowerBound
        if start > 0 {
          start = try elements.separator(from: start - 1, to: positions.upperBound - 1, link.isSeparator) + 1
        }
        while start < positions.upperBound {
          let end = try elements.separator(from: start, to: elements.count, link.isSeparator)
          if !(elements.flag && start == end), !receive(elements[start..<end], &state) { return false }
          start = end + 1
        }
        return true
      } catch {
        fail(error, &state)
        return false
      }
    }
  }
}

extension ParallelElements.Counted {
  /// Returns the first offset between two whose element is a separator; if there is none, the lesser of `limit` and the
  /// end of the elements.
  @_alwaysEmitIntoClient
  @inline(__always)
  func separator<E: Error>(
    from start: Int, to limit: Int, _ isSeparator: (Base.Element) throws(E) -> Bool
  ) throws(E) -> Int {
    let end = Swift.min(limit, count)
    var offset = start
    while offset < end, try !isSeparator(self[offset]) { offset += 1 }
    return offset
  }
}

extension ParallelElements {
  /// Returns the slices between elements that satisfy a condition, like the standard library's `split`; they copy
  /// nothing. Lazy and in order.
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
    ParallelSplit(self, omitsEmpty: omittingEmptySubsequences, isSeparator)
  }

  /// Like `split(omittingEmptySubsequences:whereSeparator:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func split<E>(
    omittingEmptySubsequences: Bool = true,
    whereSeparator isSeparator: @escaping @Sendable (Element) throws(E) -> Bool
  ) -> ParallelSplit<Base, E> {
    ParallelSplit(self, omitsEmpty: omittingEmptySubsequences, isSeparator)
  }
}

extension ParallelElements where Element: Equatable {
  /// Returns the slices between elements that equal `separator`, like the standard library's `split`; they copy
  /// nothing. Lazy and in order.
  /// - Parameters:
  ///   - separator: An element that belongs to no slice.
  ///   - omittingEmptySubsequences: Whether empty slices, at the ends and between two separators, are left out.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func split(
    separator: Element, omittingEmptySubsequences: Bool = true
  ) -> ParallelSplit<Base, Never> {
    split(omittingEmptySubsequences: omittingEmptySubsequences) { $0 == separator }
  }
}
