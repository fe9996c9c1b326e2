/// Slices of a random-access collection between borders found by a rule: the longest runs of neighbours that belong
/// together.
public struct ParallelChunks<Base: RandomAccessCollection & Sendable, Failure: Error>: ParallelSequence
where Base.Element: Sendable {
  public typealias Element = Base.SubSequence

  @usableFromInline let base: ParallelElements<Base>
  @usableFromInline let belongTogether: @Sendable (Base.Element, Base.Element) throws(Failure) -> Bool

  @inlinable
  init(
    _ base: ParallelElements<Base>,
    _ belongTogether: @escaping @Sendable (Base.Element, Base.Element) throws(Failure) -> Bool
  ) {
    self.base = base
    self.belongTogether = belongTogether
  }

  @inlinable public var plan: LoopPlan { base.plan }
  @inlinable public var positionCount: Int { base.positionCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe base.withCountedSource(true, body)
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let belongTogether: (Base.Element, Base.Element) throws(Failure) -> Bool

    @inlinable
    init(belongTogether: @escaping (Base.Element, Base.Element) throws(Failure) -> Bool) {
      self.belongTogether = belongTogether
    }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender {
    let belongTogether = belongTogether
    return { body in lend(Link(belongTogether: belongTogether), to: body) }
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
        // A chunk that began before belongs to the previous part.
        var start = positions.lowerBound
        if start > 0 { start = try elements.chunkEnd(after: start, to: positions.upperBound, link.belongTogether) }
        while start < positions.upperBound {
          let end = try elements.chunkEnd(after: start + 1, to: elements.count, link.belongTogether)
          if !receive(elements[start..<end], &state) { return false }
          start = end
        }
        return true
      } catch {
        fail(error, &state)
        return false
      }
    }
  }
}

extension ParallelElements {
  /// Returns the longest runs of neighbours that belong together, as slices, which copy nothing; lazy and in order.
  ///
  ///     let days = readings.parallel.chunked { $0.day == $1.day }
  ///
  /// - Parameter belongTogether: Returns whether an element belongs to the same run as its predecessor. A pure
  ///   function: two threads whose parts meet in the middle of a run may both call it for the same elements.
  /// - Complexity: Work O(*n*) calls; span, the longest run.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func chunked(
    by belongTogether: @escaping @Sendable (Element, Element) -> Bool
  ) -> ParallelChunks<Base, Never> {
    ParallelChunks(self, belongTogether)
  }

  /// Like `chunked(by:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func chunked<E>(
    by belongTogether: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) -> ParallelChunks<Base, E> {
    ParallelChunks(self, belongTogether)
  }
}

// MARK: - Elements and slices

extension ParallelElements {
  /// Calls `body` with the address of the source, the number of elements, and a flag.
  @_alwaysEmitIntoClient
  @inline(__always)
  func withCountedSource<Result>(_ flag: Bool, _ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withSource { source in
      let linked = unsafe LinkedSource(source, (count: positionCount, flag: flag))
      return unsafe withUnsafePointer(to: linked) { unsafe body(UnsafeRawPointer($0)) }
    }
  }

  /// The elements, as read by leaves that pass on slices.
  ///
  /// SAFETY: The source is valid until the `withCountedSource` that provided it returns.
  @safe
  @usableFromInline
  struct Counted {
    @usableFromInline let source: UnsafeRawPointer
    @usableFromInline let base: UnsafePointer<Base>
    @usableFromInline let count: Int
    @usableFromInline let flag: Bool

    @_alwaysEmitIntoClient
    @inline(__always)
    init(_ source: UnsafeRawPointer) {
      let linked = unsafe source.linked(to: (count: Int, flag: Bool).self)
      unsafe self.source = linked.pointee.base
      unsafe base = linked.pointee.base.assumingMemoryBound(to: Source.self).pointee.base
      (count, flag) = unsafe linked.pointee.value
    }

    @inlinable
    @inline(__always)
    subscript(_ offset: Int) -> Element {
      unsafe ParallelElements.element(at: offset, from: source, closures: LentClosures(nil))
    }

    @inlinable
    @inline(__always)
    subscript(_ offsets: Range<Int>) -> Base.SubSequence {
      let start = unsafe base.pointee.index(base.pointee.startIndex, offsetBy: offsets.lowerBound)
      let end = unsafe base.pointee.index(start, offsetBy: offsets.count)
      return unsafe base.pointee[start..<end]
    }

    /// Returns the first offset from `start` on whose element does not belong to its predecessor, or `limit`.
    /// - Parameter start: At least 1.
    @_alwaysEmitIntoClient
    @inline(__always)
    func chunkEnd<E: Error>(
      after start: Int, to limit: Int, _ belongTogether: (Element, Element) throws(E) -> Bool
    ) throws(E) -> Int {
      var offset = start
      while offset < limit, try belongTogether(self[offset - 1], self[offset]) { offset += 1 }
      return offset
    }
  }
}
