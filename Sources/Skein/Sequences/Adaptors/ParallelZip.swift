/// Pairs of the elements of two parallel collections at the same position.
///
/// The first collection's leaf is run, and the second is asked for each element, so both chains become one loop.
public struct ParallelZip<First: ParallelCollection, Second: ParallelCollection>: ParallelPair
where First.Failure == Second.Failure {
  public typealias Element = (First.Element, Second.Element)
  public typealias Failure = First.Failure

  public let first: First
  public let second: Second

  @inlinable
  init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
  }

  @inlinable public var positionCount: Int { Swift.min(first.positionCount, second.positionCount) }
  @inlinable public var knownCount: Int? { first.knownCount == nil && second.knownCount == nil ? nil : positionCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withPairedSources((), body)
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let sources = unsafe source.paired(with: Void.self)
    return closures.withLink(as: PairLink.self) { link in
      var position = positions.lowerBound
      return unsafe First.forEachElement(
        from: sources.pointee.first, at: positions, closures: link.first, state: &state,
        receive: { element, state in
          // A collection of somebody's own may give more elements than it has positions.
          if _slowPath(position == positions.upperBound) { requireNoMore(than: positions, end: position &+ 1) }
          let other: Second.Element
          do throws(Failure) {
            other = unsafe try Second.element(at: position, from: sources.pointee.second, closures: link.second)
          } catch {
            fail(error, &state)
            return false
          }
          position &+= 1
          return receive((element, other), &state)
        }, fail: fail)
    }
  }
}

extension ParallelZip: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let sources = unsafe source.paired(with: Void.self)
    return try closures.withLink(as: PairLink.self) { (link) throws(Failure) in
      (
        unsafe try First.element(at: position, from: sources.pointee.first, closures: link.first),
        unsafe try Second.element(at: position, from: sources.pointee.second, closures: link.second)
      )
    }
  }
}

/// Returns pairs of the elements of two parallel collections at the same position; as many as the shorter one has.
///
/// The loop runs by the plan of the first collection. For each pair the first collection's closures run before the
/// second one's; none run for elements without a partner.
@_alwaysEmitIntoClient
@inline(__always)
public func zip<First: ParallelCollection, Second: ParallelCollection>(
  _ first: First, _ second: Second
) -> ParallelZip<First, Second> where First.Failure == Second.Failure {
  ParallelZip(first, second)
}

/// As `zip`, for a first collection whose closures cannot throw.
@_alwaysEmitIntoClient
@inline(__always)
@_disfavoredOverload
public func zip<First: ParallelCollection, Second: ParallelCollection>(
  _ first: First, _ second: Second
) -> ParallelZip<ParallelMayThrow<First, Second.Failure>, Second> where First.Failure == Never {
  ParallelZip(first.mayThrow(Second.Failure.self), second)
}

/// As `zip`, for a second collection whose closures cannot throw.
@_alwaysEmitIntoClient
@inline(__always)
@_disfavoredOverload
public func zip<First: ParallelCollection, Second: ParallelCollection>(
  _ first: First, _ second: Second
) -> ParallelZip<First, ParallelMayThrow<Second, First.Failure>> where Second.Failure == Never {
  ParallelZip(first, second.mayThrow(First.Failure.self))
}
