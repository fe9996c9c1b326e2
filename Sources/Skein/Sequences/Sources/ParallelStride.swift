/// Floating-point numbers at equal distances, in parallel: those of `stride(from:to:by:)` and
/// `stride(from:through:by:)`, bit for bit.
///
/// Term *n* is not a running sum: it is the start plus *n* times the stride, rounded once.
///
/// A stride that never ends (to infinity, or by NaN) has no `count`; its first elements are those of the standard
/// library.
public struct ParallelStride<Element: FloatingPoint & Sendable>: ParallelCollection where Element.Stride == Element {
  public var plan: LoopPlan
  @usableFromInline let terms: Terms

  @usableFromInline
  struct Terms: Sendable {
    @usableFromInline let start: Element
    @usableFromInline let stride: Element
    @usableFromInline var positionCount = 0
    @usableFromInline var isCountable = true

    @inlinable
    init(start: Element, stride: Element) {
      self.start = start
      self.stride = stride
    }

    /// As the standard library computes it. (The first one is returned as it is: zero times infinity is NaN.)
    @inlinable
    @inline(__always)
    func term(at position: Int) -> Element {
      position == 0 ? start : start.addingProduct(Element(position), stride)
    }
  }

  /// - Complexity: O(log *n*): the terms are monotonic, so their end can be found by bisection.
  @inlinable
  init(_ parts: StrideParts<Element>, isClosed: Bool, plan: LoopPlan) {
    self.plan = plan
    var terms = Terms(start: parts.start, stride: parts.stride)
    let end = parts.end
    func isOver(_ position: Int) -> Bool {
      let term = terms.term(at: position)
      return parts.stride > 0 ? term >= end : term <= end
    }
    var (low, high) = (0, isOver(0) ? 0 : Int.max - 1)
    if isOver(high) {
      while low < high {
        let middle = low + (high - low) / 2
        if isOver(middle) { high = middle } else { low = middle + 1 }
      }
      // The end itself occurs once, however many terms are rounded to it.
      terms.positionCount = isClosed && terms.term(at: low) == end ? low + 1 : low
    } else {
      terms.positionCount = uncountablePositions
      terms.isCountable = false
    }
    self.terms = terms
  }

  @inlinable public var positionCount: Int { terms.positionCount }
  @inlinable public var knownCount: Int? { terms.isCountable ? terms.positionCount : nil }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: terms) { unsafe body(UnsafeRawPointer($0)) }
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
    let terms = unsafe source.assumingMemoryBound(to: Terms.self).pointee
    for position in positions where !receive(terms.term(at: position), &state) { return false }
    if positions.upperBound < terms.positionCount || terms.isCountable { return true }
    var position = positions.upperBound
    while receive(terms.term(at: position), &state) { position += 1 }
    return false
  }

  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    let terms = unsafe source.assumingMemoryBound(to: Terms.self)
    require(
      unsafe terms.pointee.isCountable || position != terms.pointee.positionCount &- 1,
      "a stride that does not end has no last position")
    return unsafe terms.pointee.term(at: position)
  }
}
