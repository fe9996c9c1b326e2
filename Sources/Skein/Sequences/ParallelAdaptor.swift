/// A parallel sequence made of another one, at whose positions its elements come about.
///
/// What it does not say otherwise is as in its base: where that is run and in what batches, the positions, and what a leaf reads from.
public protocol ParallelAdaptor<Base>: ParallelSequence {
  /// The type of what it is made of.
  associatedtype Base: ParallelSequence

  /// The sequence that it is made of.
  var base: Base { get }
}

extension ParallelAdaptor {
  @inlinable public var plan: LoopPlan { base.plan }
  @inlinable public var positionCount: Int { base.positionCount }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result { unsafe base.withSource(body) }
}
