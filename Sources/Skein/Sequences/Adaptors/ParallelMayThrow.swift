/// A parallel sequence whose closures do not throw, in a place where one is wanted whose closures could throw some error.
public struct ParallelMayThrow<Base: ParallelSequence, Failure: Error>: ParallelAdaptor where Base.Failure == Never {
  public typealias Element = Base.Element

  public let base: Base

  @inlinable
  init(_ base: Base) { self.base = base }

  @inlinable public var knownCount: Int? { base.knownCount }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { base.lendClosures() }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    unsafe Base.forEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: { _, _ in })
  }
}

extension ParallelMayThrow: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    unsafe Base.element(at: position, from: source, closures: closures)
  }
}

extension ParallelSequence where Failure == Never {
  /// The same elements, as a sequence whose closures could throw this error.
  @inlinable
  @inline(__always)
  func mayThrow<E: Error>(_: E.Type) -> ParallelMayThrow<Self, E> { ParallelMayThrow(self) }
}
