/// A contiguous part of a parallel collection.
public struct ParallelPart<Base: ParallelCollection>: ParallelAdaptor {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure

  public let base: Base
  @usableFromInline let positions: Range<Int>

  @inlinable
  init(_ base: Base, _ positions: Range<Int>) {
    self.base = base
    self.positions = positions
  }

  @inlinable public var positionCount: Int { positions.count }
  @inlinable public var knownCount: Int? {
    base.knownCount == nil && positions.upperBound == base.positionCount ? nil : positions.count
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withLinkedSource(positions.lowerBound, body)
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { base.lendClosures() }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let linked = unsafe source.linked(to: Int.self)
    let start = unsafe linked.pointee.value
    return unsafe Base.forEachElement(
      from: linked.pointee.base, at: start &+ positions.lowerBound..<start &+ positions.upperBound, closures: closures,
      state: &state, receive: receive, fail: fail)
  }
}

extension ParallelPart: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let linked = unsafe source.linked(to: Int.self)
    return unsafe try Base.element(
      at: linked.pointee.value &+ position, from: linked.pointee.base, closures: closures)
  }
}

extension ParallelPart: ParallelSpanned where Base: ParallelSpanned {
  @inlinable
  public func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>?) -> Result) -> Result {
    unsafe base.withContiguousElements { elements in
      unsafe body(elements.map { unsafe UnsafeBufferPointer(rebasing: $0[positions]) })
    }
  }
}

// No closure is called for the elements that are left out.
extension ParallelCollection {
  /// Returns the first `maximumCount` elements, or all if there are fewer.
  /// - Precondition: `maximumCount` is not negative.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func prefix(_ maximumCount: Int) -> ParallelPart<Self> {
    require(maximumCount >= 0, "a prefix has at least 0 elements, not \(maximumCount)")
    return ParallelPart(self, 0..<Swift.min(maximumCount, positionCount))
  }

  /// Returns the last `maximumCount` elements, or all if there are fewer.
  /// - Precondition: `maximumCount` is not negative.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func suffix(_ maximumCount: Int) -> ParallelPart<Self> {
    require(maximumCount >= 0, "a suffix has at least 0 elements, not \(maximumCount)")
    requireCountable()
    return ParallelPart(self, positionCount - Swift.min(maximumCount, positionCount)..<positionCount)
  }

  /// Returns all elements but the first `count`.
  /// - Precondition: `count` is not negative.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func dropFirst(_ count: Int = 1) -> ParallelPart<Self> {
    require(count >= 0, "at least 0 elements are dropped, not \(count)")
    return ParallelPart(self, Swift.min(count, positionCount)..<positionCount)
  }

  /// Returns all elements but the last `count`.
  /// - Precondition: `count` is not negative.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func dropLast(_ count: Int = 1) -> ParallelPart<Self> {
    require(count >= 0, "at least 0 elements are dropped, not \(count)")
    requireCountable()
    return ParallelPart(self, 0..<positionCount - Swift.min(count, positionCount))
  }
}
