/// The Unicode scalars of a range, in parallel. Surrogates, which are not scalars, are left out.
///
/// (Characters have no such ranges: the successor of a character is not defined.)
public struct ParallelScalars: ParallelCollection {
  public typealias Element = Unicode.Scalar

  public var plan: LoopPlan
  @usableFromInline let scalars: Scalars

  @usableFromInline
  struct Scalars: Sendable {
    @usableFromInline let first: UInt32
    @usableFromInline let count: Int

    /// Surrogates are skipped in the count.
    @inlinable
    static func rank(_ scalar: Unicode.Scalar) -> UInt32 { scalar.value < 0xd800 ? scalar.value : scalar.value - 0x800 }

    @inlinable
    init(from first: Unicode.Scalar, distance: Int) {
      self.first = Scalars.rank(first)
      count = distance
    }

    @inlinable
    @inline(__always)
    func scalar(at position: Int) -> Unicode.Scalar {
      let rank = first &+ UInt32(truncatingIfNeeded: position)
      // Never nil: the result is neither a surrogate nor beyond the last scalar.
      return Unicode.Scalar(rank < 0xd800 ? rank : rank &+ 0x800)!
    }
  }

  @inlinable
  init(from first: Unicode.Scalar, to end: Unicode.Scalar, isClosed: Bool, plan: LoopPlan) {
    self.plan = plan
    scalars = Scalars(
      from: first, distance: Int(Scalars.rank(end)) - Int(Scalars.rank(first)) + (isClosed ? 1 : 0))
  }

  @inlinable public var positionCount: Int { scalars.count }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: scalars) { unsafe body(UnsafeRawPointer($0)) }
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
    let scalars = unsafe source.assumingMemoryBound(to: Scalars.self).pointee
    for position in positions where !receive(scalars.scalar(at: position), &state) { return false }
    return true
  }

  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    unsafe source.assumingMemoryBound(to: Scalars.self).pointee.scalar(at: position)
  }
}

extension Range where Bound == Unicode.Scalar {
  /// The scalars of this range, to be processed in parallel.
  @inlinable
  public var parallel: ParallelScalars { parallel() }

  /// Returns the scalars of this range, to be processed in parallel as the parameters say, which are those of a range
  /// of integers.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelScalars {
    ParallelScalars(
      from: lowerBound, to: upperBound, isClosed: false,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension ClosedRange where Bound == Unicode.Scalar {
  /// The scalars of this range, to be processed in parallel.
  @inlinable
  public var parallel: ParallelScalars { parallel() }

  /// Returns the scalars of this range, to be processed in parallel as the parameters say, which are those of a range
  /// of integers.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelScalars {
    ParallelScalars(
      from: lowerBound, to: upperBound, isClosed: true,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
