/// The elements of a parallel collection with their numbers.
public struct ParallelEnumerated<Base: ParallelCollection>: ParallelAdaptor {
  /// The number of elements before this one, and the element.
  public typealias Element = (offset: Int, element: Base.Element)
  public typealias Failure = Base.Failure

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
    var offset = positions.lowerBound
    return unsafe Base.forEachElement(
      from: source, at: positions, closures: closures, state: &state,
      receive: { element, state in
        let isGoingOn = receive((offset, element), &state)
        offset &+= 1
        return isGoingOn
      }, fail: fail)
  }
}

extension ParallelEnumerated: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    (position, unsafe try Base.element(at: position, from: source, closures: closures))
  }
}

extension ParallelCollection {
  /// Returns the elements with their numbers, which begin at zero.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func enumerated() -> ParallelEnumerated<Self> { ParallelEnumerated(self) }
}
