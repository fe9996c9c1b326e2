/// The concatenation of the sequences that are the elements of a parallel sequence.
public struct ParallelJoined<Base: ParallelSequence>: ParallelAdaptor where Base.Element: Sequence {
  public typealias Element = Base.Element.Element
  public typealias Failure = Base.Failure

  public let base: Base

  @inlinable
  init(_ base: Base) { self.base = base }

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
      from: source, at: positions, closures: closures, state: &state,
      receive: { elements, state in
        var endurance = Endurance()
        for element in elements where !receive(element, &state) || endurance.isOver() { return false }
        return true
      }, fail: fail)
  }

  @inlinable
  @inline(__always)
  public static func isExhausted(_ source: UnsafeRawPointer) -> Bool { unsafe Base.isExhausted(source) }
}

extension ParallelSequence where Element: Sequence {
  /// Returns the concatenation of the sequences that are the elements of this one. Each inner sequence is traversed by
  /// one thread.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func joined() -> ParallelJoined<Self> { ParallelJoined(self) }
}

extension ParallelSequence {
  /// Returns the concatenation of the sequences that a closure makes from each element; lazy and in order.
  ///
  /// Each of these sequences is traversed by one thread, and need not exist as a whole: a lazy one takes no memory.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func flatMap<Inner: Sequence>(
    _ transform: @escaping @Sendable (Element) -> Inner
  ) -> ParallelJoined<ParallelMap<Self, Inner>> {
    map(transform).joined()
  }

  /// Like `flatMap`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func flatMap<Inner: Sequence, E>(
    _ transform: @escaping @Sendable (Element) throws(E) -> Inner
  ) -> ParallelJoined<ParallelThrowingMap<Self, Inner, E>> where Failure == Never {
    map(transform).joined()
  }
}
