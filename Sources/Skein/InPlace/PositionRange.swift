/// Some neighbouring positions of a sequence, as a sequence of its own.
@usableFromInline
struct PositionRange<Base: ParallelSequence>: ParallelSequence {
  @usableFromInline typealias Element = Base.Element
  @usableFromInline typealias Failure = Base.Failure

  @usableFromInline let base: Base
  @usableFromInline let positions: Range<Int>

  @inlinable
  init(_ base: Base, _ positions: Range<Int>) {
    self.base = base
    self.positions = positions
  }

  @inlinable var plan: LoopPlan { base.plan }
  @inlinable var positionCount: Int { positions.count }

  @inlinable
  @inline(__always)
  func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result { unsafe base.withSource(body) }

  @inlinable
  @inline(__always)
  func makeLeaf<State>(
    _ receive: @escaping (Element, inout State) -> Bool, fail: @escaping (Failure, inout State) -> Void
  ) -> ParallelLeaf<State> {
    let leaf = unsafe base.makeLeaf(receive, fail: fail)
    let offset = positions.lowerBound
    return { source, range, state in
      unsafe leaf(source, range.lowerBound + offset..<range.upperBound + offset, &state)
    }
  }
}
