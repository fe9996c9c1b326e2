/// The value of an optional if it has one, as a parallel collection of one element or none.
public struct ParallelOptional<Element: Sendable>: ParallelCollection {
  @usableFromInline let value: Element?
  public var plan: LoopPlan

  @inlinable
  init(_ value: Element?, plan: LoopPlan) {
    self.value = value
    self.plan = plan
  }

  @inlinable public var positionCount: Int { value == nil ? 0 : 1 }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: value) { unsafe body(UnsafeRawPointer($0)) }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { lendNothing }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    if positions.isEmpty { return true }
    return unsafe receive(element(at: 0, from: source, closures: closures), &state)
  }

  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    unsafe source.assumingMemoryBound(to: Element?.self).pointee!
  }
}

extension Optional where Wrapped: Sendable {
  /// The value if there is one, as a parallel collection, for chaining with others.
  @inlinable
  public var parallel: ParallelOptional<Wrapped> { parallel() }

  /// Returns the value if there is one, as a parallel collection that runs in a given pool.
  @inlinable
  public func parallel(in pool: ThreadPool? = nil) -> ParallelOptional<Wrapped> {
    ParallelOptional(self, plan: LoopPlan(pool: pool))
  }
}
