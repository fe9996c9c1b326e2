/// The elements of two parallel collections alternately, and then the rest of the longer one.
public struct ParallelInterleaved<First: ParallelCollection, Second: ParallelCollection>: ParallelPair
where First.Failure == Second.Failure, First.Element == Second.Element {
  public typealias Element = First.Element
  public typealias Failure = First.Failure

  public let first: First
  public let second: Second
  public let positionCount: Int

  @inlinable
  init(_ first: First, _ second: Second) {
    self.first = first
    self.second = second
    first.requireCountable()
    second.requireCountable()
    let (count, overflows) = first.positionCount.addingReportingOverflow(second.positionCount)
    require(!overflows, "the interleaved collections have more elements than an Int can count")
    positionCount = count
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withPairedSources((first.positionCount, second.positionCount), body)
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    unsafe askForEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: fail)
  }
}

extension ParallelInterleaved: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let sources = unsafe source.paired(with: (Int, Int).self)
    let (firstCount, secondCount) = unsafe sources.pointee.value
    let shorter = Swift.min(firstCount, secondCount)
    let isInTurns = position / 2 < shorter
    let place = isInTurns ? position / 2 : position - shorter
    let isFirst = isInTurns ? position % 2 == 0 : firstCount > secondCount
    return try closures.withLink(as: PairLink.self) { (link) throws(Failure) in
      if isFirst { return unsafe try First.element(at: place, from: sources.pointee.first, closures: link.first) }
      return unsafe try Second.element(at: place, from: sources.pointee.second, closures: link.second)
    }
  }
}

extension ParallelCollection {
  /// Returns the first element of this collection, the first of the other one, the second of this one, and so on; when
  /// one of them ends, the rest of the other.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func interleaved<Other: ParallelCollection>(
    with other: Other
  ) -> ParallelInterleaved<Self, Other> where Other.Element == Element, Other.Failure == Failure {
    ParallelInterleaved(self, other)
  }

  /// Like `interleaved`, where only the other collection's closures can throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func interleaved<Other: ParallelCollection>(
    with other: Other
  ) -> ParallelInterleaved<ParallelMayThrow<Self, Other.Failure>, Other>
  where Other.Element == Element, Failure == Never {
    ParallelInterleaved(mayThrow(Other.Failure.self), other)
  }

  /// Like `interleaved`, where only this collection's closures can throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func interleaved<Other: ParallelCollection>(
    with other: Other
  ) -> ParallelInterleaved<Self, ParallelMayThrow<Other, Failure>>
  where Other.Element == Element, Other.Failure == Never {
    ParallelInterleaved(self, other.mayThrow(Failure.self))
  }
}
