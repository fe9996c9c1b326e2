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

  /// The source of the whole sequence, and the start of the part.
  @unsafe
  @usableFromInline
  struct Source {
    // SAFETY: valid for as long as the base's source is, which is lent around this one.
    @usableFromInline let base: UnsafeRawPointer
    @usableFromInline let start: Int

    @inlinable
    init(base: UnsafeRawPointer, start: Int) {
      unsafe self.base = base
      unsafe self.start = start
    }
  }

  @inlinable
  @inline(__always)
  func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe base.withSource { source in
      unsafe withUnsafePointer(to: Source(base: source, start: positions.lowerBound)) {
        unsafe body(UnsafeRawPointer($0))
      }
    }
  }

  @inlinable
  @inline(__always)
  func lendClosures() -> ClosureLender { base.lendClosures() }

  @inlinable
  @inline(__always)
  static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let source = unsafe source.assumingMemoryBound(to: Source.self).pointee
    return unsafe Base.forEachElement(
      from: source.base, at: positions.lowerBound + source.start..<positions.upperBound + source.start,
      closures: closures, state: &state, receive: receive, fail: fail)
  }
}
