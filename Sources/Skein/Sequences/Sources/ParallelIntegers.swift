/// The integers of a range, in parallel.
///
/// Each position is one integer, so it is a parallel collection. If the number of integers does not fit in an `Int`, as
/// for `0...UInt64.max`, the first `Int.max / 4` or so have positions of their own, and the last position holds all
/// others. They come at the end, in order, and no thread gets there in a lifetime, but a search that ends early works
/// as for any other range:
///
///     let first = (0...UInt64.max).parallel.first { $0 > 1_000_000 && $0 % 1009 == 0 }
///
/// Such a range has no `count`, and nothing that is counted from its end but `reversed()`; nor can it be compared by
/// `elementsEqual`, or taken by `adjacentPairs`, `interleaved` or `interspersed`: using these traps.
public struct ParallelIntegers<Base: RandomAccessCollection & Sendable>: ParallelCollection
where Base.Element: FixedWidthInteger & Sendable {
  public typealias Element = Base.Element

  // Nothing else is stored, for the optimiser's sake: see `ParallelStage`.
  @usableFromInline let base: Base
  public var plan: LoopPlan

  /// - Precondition: `base` has consecutive integers, in order, or none, and knows its ends in O(1).
  @inlinable
  @inline(__always)
  init(_ base: Base, plan: LoopPlan) {
    self.base = base
    self.plan = plan
  }

  @inlinable var run: IntegerRun<Element> {
    @inline(__always) get {
      if let first = base.first, let last = base.last { IntegerRun(from: first, through: last) } else { IntegerRun() }
    }
  }

  @inlinable public var positionCount: Int { run.positionCount }
  @inlinable public var knownCount: Int? {
    let run = run
    return run.isCountable ? run.positionCount : nil
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    let run = run
    return unsafe withUnsafePointer(to: run) { unsafe body(UnsafeRawPointer($0)) }
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
    let run = unsafe source.assumingMemoryBound(to: IntegerRun<Element>.self).pointee
    let holdsRest = !run.isCountable && positions.upperBound == run.positionCount && !positions.isEmpty
    for position in positions.lowerBound..<(holdsRest ? positions.upperBound - 1 : positions.upperBound) {
      if !receive(run.integer(at: position), &state) { return false }
    }
    return !holdsRest || forEachOfRest(run, &state, receive)
  }

  /// Passes on the integers of the last position of a range whose count does not fit in an `Int`.
  @inlinable
  @inline(__always)
  static func forEachOfRest<State>(
    _ run: IntegerRun<Element>, _ state: inout State, _ receive: (Element, inout State) -> Bool
  ) -> Bool {
    var integer = run.integer(at: run.positionCount - 1)
    while receive(integer, &state) {
      if integer == run.last { return true }
      integer &+= 1
    }
    return false
  }

  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    let run = unsafe source.assumingMemoryBound(to: IntegerRun<Element>.self)
    require(
      unsafe run.pointee.isCountable || position != run.pointee.positionCount &- 1,
      "a range of more integers than an Int can count has no last position")
    return unsafe run.pointee.integer(at: position)
  }
}

/// Consecutive integers and their positions.
@usableFromInline
struct IntegerRun<Element: FixedWidthInteger & Sendable>: Sendable {
  @usableFromInline let first: Element
  @usableFromInline let last: Element
  @usableFromInline let positionCount: Int
  @usableFromInline let isCountable: Bool

  /// No integers.
  @inlinable
  init() {
    first = 0
    last = 0
    positionCount = 0
    isCountable = true
  }

  @inlinable
  init(from first: Element, through last: Element) {
    self.first = first
    self.last = last
    let distance = Element.Magnitude(truncatingIfNeeded: last &- first)
    isCountable = distance < Int.max
    positionCount = isCountable ? Int(truncatingIfNeeded: distance) + 1 : uncountablePositions
  }

  @inlinable
  @inline(__always)
  func integer(at position: Int) -> Element { first &+ Element(truncatingIfNeeded: position) }
}

/// The number of positions of a source whose count does not fit in an `Int`: too many for a thread to reach the end,
/// few enough to chain sequences.
@inlinable var uncountablePositions: Int { Int.max / 4 }

extension ParallelIntegers {
  /// Returns the integers from the last to the first.
  ///
  /// The terminal treats them in that order: it throws, for example, the error of the last element for which a closure
  /// throws.
  @inlinable
  @inline(__always)
  public func reversed() -> ParallelIntegerStride<Element> {
    let run = run
    if run.positionCount == 0 { return ParallelIntegerStride(empty: plan) }
    return ParallelIntegerStride(
      from: run.last, step: ~0, distance: Element.Magnitude(truncatingIfNeeded: run.last &- run.first), plan: plan)
  }
}

extension Range where Bound: FixedWidthInteger & Sendable, Bound.Stride: SignedInteger {
  /// The integers of this range, to be processed in parallel.
  @inlinable
  public var parallel: ParallelIntegers<Self> {
    @inline(__always) get { ParallelIntegers(self, plan: LoopPlan()) }
  }

  /// Returns the integers of this range, to be processed in parallel as the parameters say.
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer elements than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more elements than this without checking whether another worker is hungry.
  ///   - maximumInFlight: At most this many iterations are open at once.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelIntegers<Self> {
    ParallelIntegers(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension ClosedRange where Bound: FixedWidthInteger & Sendable, Bound.Stride: SignedInteger {
  /// The integers of this range, to be processed in parallel.
  @inlinable
  public var parallel: ParallelIntegers<Self> {
    @inline(__always) get { ParallelIntegers(self, plan: LoopPlan()) }
  }

  /// Returns the integers of this range, to be processed in parallel as the parameters say.
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer elements than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more elements than this without checking whether another worker is hungry.
  ///   - maximumInFlight: At most this many iterations are open at once.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelIntegers<Self> {
    ParallelIntegers(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
