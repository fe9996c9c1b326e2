/// The elements of a parallel collection with a separator between each and the next.
public struct ParallelInterspersed<Base: ParallelCollection>: ParallelAdaptor where Base.Element: Sendable {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure

  public let base: Base
  public let positionCount: Int
  @usableFromInline let separator: Element

  @inlinable
  init(_ base: Base, _ separator: Element) {
    self.base = base
    self.separator = separator
    base.requireCountable()
    let count = base.positionCount
    require(count <= Int.max / 2, "there are too many elements to put a separator between them")
    positionCount = count == 0 ? 0 : 2 * count - 1
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withLinkedSource(separator, body)
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { base.lendClosures() }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let linked = unsafe source.linked(to: Element.self)
    var isSeparated = positions.lowerBound % 2 == 0
    // The elements in the middle, each preceded by its separator if that is one of these positions.
    let isComplete = unsafe Base.forEachElement(
      from: linked.pointee.base, at: (positions.lowerBound + 1) / 2..<(positions.upperBound + 1) / 2,
      closures: closures, state: &state,
      receive: { element, state in
        if !isSeparated, unsafe !receive(linked.pointee.value, &state) { return false }
        isSeparated = false
        return receive(element, &state)
      }, fail: fail)
    if !isComplete { return false }
    // The last position may be that of a separator.
    return unsafe positions.isEmpty || positions.upperBound % 2 == 1 || receive(linked.pointee.value, &state)
  }
}

extension ParallelInterspersed: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let linked = unsafe source.linked(to: Element.self)
    if position % 2 == 1 { return unsafe linked.pointee.value }
    return unsafe try Base.element(at: position / 2, from: linked.pointee.base, closures: closures)
  }
}

extension ParallelCollection where Element: Sendable {
  /// Returns the elements with `separator` between each and the next.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func interspersed(with separator: Element) -> ParallelInterspersed<Self> {
    ParallelInterspersed(self, separator)
  }
}
