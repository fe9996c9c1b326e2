/// Every *k*th element of a parallel collection, forwards or backwards.
///
/// Elements are requested one by one, so nothing is done for those that are not picked.
public struct ParallelReordered<Base: ParallelCollection>: ParallelAdaptor {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure

  public let base: Base
  public let positionCount: Int
  /// The position in the base of the first element, and the distance from each element to the next.
  @usableFromInline let start: Int
  @usableFromInline let step: Int

  @inlinable
  init(_ base: Base, count: Int, start: Int, step: Int) {
    self.base = base
    positionCount = count
    self.start = start
    self.step = step
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withLinkedSource((start, step), body)
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
    let linked = unsafe source.linked(to: (Int, Int).self)
    let (base, (start, step)) = unsafe (linked.pointee.base, linked.pointee.value)
    for position in positions {
      do throws(Failure) {
        let element = unsafe try Base.element(at: start &+ position &* step, from: base, closures: closures)
        if !receive(element, &state) { return false }
      } catch {
        fail(error, &state)
        return false
      }
    }
    return true
  }
}

extension ParallelReordered: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    let linked = unsafe source.linked(to: (Int, Int).self)
    let (start, step) = unsafe linked.pointee.value
    return unsafe try Base.element(at: start &+ position &* step, from: linked.pointee.base, closures: closures)
  }
}

extension ParallelCollection {
  /// Returns the elements from the last to the first.
  ///
  /// The terminal treats them in that order: it throws, for example, the error of the last element for which a closure
  /// throws.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func reversed() -> ParallelReordered<Self> {
    requireCountable()
    return ParallelReordered(self, count: positionCount, start: positionCount - 1, step: -1)
  }

  /// Returns the first element, and from it on every `step`th. No closure is called for the others.
  /// - Precondition: `step` is at least 1; the number of elements fits in an `Int`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func striding(by step: Int) -> ParallelReordered<Self> {
    require(step >= 1, "a stride is at least 1, not \(step)")
    requireCountable()
    let count = positionCount
    return ParallelReordered(self, count: count == 0 ? 0 : (count - 1) / step + 1, start: 0, step: step)
  }
}
