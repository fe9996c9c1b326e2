/// Integers at equal distances, in parallel: those of `stride(from:to:by:)` and `stride(from:through:by:)`.
///
/// If their number does not fit in an `Int`, the last position holds all that have none of their own; see
/// ``ParallelIntegers``.
public struct ParallelIntegerStride<Element: FixedWidthInteger & Sendable>: ParallelCollection {
  public var plan: LoopPlan
  @usableFromInline let steps: Steps

  /// The terms and their positions.
  @usableFromInline
  struct Steps: Sendable {
    @usableFromInline let first: Element
    /// The increment, modulo 2*ʷ*.
    @usableFromInline let step: Element
    @usableFromInline let positionCount: Int
    /// The number of terms after the last one that has a position of its own, as unsigned bits.
    @usableFromInline let rest: Element

    @inlinable
    init(first: Element, step: Element, positionCount: Int, rest: Element) {
      self.first = first
      self.step = step
      self.positionCount = positionCount
      self.rest = rest
    }

    @inlinable
    @inline(__always)
    func term(at position: Int) -> Element { first &+ Element(truncatingIfNeeded: position) &* step }
  }

  @inlinable
  init(empty plan: LoopPlan) {
    self.plan = plan
    steps = Steps(first: 0, step: 1, positionCount: 0, rest: 0)
  }

  /// - Parameters:
  ///   - step: The increment, modulo 2*ʷ*.
  ///   - distance: The number of terms after the first.
  @inlinable
  init(from first: Element, step: Element, distance: Element.Magnitude, plan: LoopPlan) {
    self.plan = plan
    let isCountable = distance < Int.max
    let positionCount = isCountable ? Int(truncatingIfNeeded: distance) + 1 : uncountablePositions
    steps = Steps(
      first: first, step: step, positionCount: positionCount,
      rest: isCountable ? 0 : Element(truncatingIfNeeded: distance) &- Element(truncatingIfNeeded: positionCount - 1))
  }

  @inlinable
  init(_ parts: StrideParts<Element>, isClosed: Bool, plan: LoopPlan) where Element.Stride: BinaryInteger {
    let (start, end, stride) = (parts.start, parts.end, parts.stride)
    let isAscending = stride > 0
    if isAscending ? start > end : start < end {
      self.init(empty: plan)
      return
    }
    if !isClosed && start == end {
      self.init(empty: plan)
      return
    }
    let span = Element.Magnitude(truncatingIfNeeded: isAscending ? end &- start : start &- end) - (isClosed ? 0 : 1)
    let size = stride.magnitude
    self.init(
      from: start, step: Element(truncatingIfNeeded: stride),
      distance: size > span ? 0 : span / Element.Magnitude(truncatingIfNeeded: size), plan: plan)
  }

  @inlinable public var positionCount: Int { steps.positionCount }
  @inlinable public var knownCount: Int? { steps.rest == 0 ? steps.positionCount : nil }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: steps) { unsafe body(UnsafeRawPointer($0)) }
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
    let steps = unsafe source.assumingMemoryBound(to: Steps.self).pointee
    for position in positions where !receive(steps.term(at: position), &state) { return false }
    if positions.upperBound < steps.positionCount || steps.rest == 0 { return true }
    var term = steps.term(at: steps.positionCount - 1)
    var left = steps.rest
    while left != 0 {
      term &+= steps.step
      left &-= 1
      if !receive(term, &state) { return false }
    }
    return true
  }

  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    let steps = unsafe source.assumingMemoryBound(to: Steps.self)
    require(
      unsafe steps.pointee.rest == 0 || position != steps.pointee.positionCount &- 1,
      "a stride over more integers than an Int can count has no last position")
    return unsafe steps.pointee.term(at: position)
  }
}
