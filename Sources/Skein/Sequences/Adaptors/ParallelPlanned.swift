/// Another parallel sequence, run in another way.
public struct ParallelPlanned<Base: ParallelSequence>: ParallelAdaptor {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure

  public let base: Base
  public let plan: LoopPlan

  @inlinable
  init(_ base: Base, _ plan: LoopPlan) {
    self.base = base
    self.plan = plan
  }

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
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: fail)
  }

  @inlinable
  @inline(__always)
  public static func isExhausted(_ source: UnsafeRawPointer) -> Bool { unsafe Base.isExhausted(source) }
}

extension ParallelPlanned: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    unsafe try Base.element(at: position, from: source, closures: closures)
  }
}

extension ParallelSequence {
  @usableFromInline
  func planned(_ change: (inout LoopPlan) -> Void) -> ParallelPlanned<Self> {
    var plan = plan
    change(&plan)
    return ParallelPlanned(self, plan)
  }
}

extension ParallelCollection {
  /// The same elements; no worker is given fewer than `minimum` of them at once, and none runs more than `maximum` without a look
  /// whether another one is hungry.
  /// - Precondition: Both numbers are at least 1.
  public func batched(minimum: Int = 1, maximum: Int = .max) -> ParallelPlanned<Self> {
    planned { $0.batch(minimum: minimum, maximum: maximum) }
  }

  /// The same elements, run in blocks of `count`: each block is finished before the next one begins.
  ///
  /// At most `count` elements are under way at once. The barrier between blocks costs time; `parallel(maximumInFlight:)` bounds
  /// the open iterations without one.
  /// - Precondition: `count` is at least 1.
  public func inBlocks(ofCount count: Int) -> ParallelPlanned<Self> {
    planned { $0.blocks = .uniform(count) }
  }

  /// The same elements, run in blocks that double: first as many elements as the pool has threads.
  ///
  /// Meant for searches that are likely to end early: little is done in vain.
  public func inGrowingBlocks() -> ParallelPlanned<Self> {
    planned { $0.blocks = .growing }
  }
}
