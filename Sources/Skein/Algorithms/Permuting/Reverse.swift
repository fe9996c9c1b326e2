// Work O(n), span O(log n), no scratch memory.

/// Exchanges elements with their mirror images.
///
/// SAFETY: An exchange touches the two elements of its index, below and above the middle.
@safe
@usableFromInline
struct ReverseBody<Element>: EvenLoopBody {
  @usableFromInline typealias Failure = Never
  @usableFromInline typealias Partial = Void

  @usableFromInline let elements: UnsafeMutablePointer<Element>
  @usableFromInline let count: Int

  @inlinable
  init(_ elements: UnsafeMutableBufferPointer<Element>) {
    unsafe self.elements = elements.baseAddress!
    count = elements.count
  }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Never>) {
    let last = unsafe elements + (count &- 1)
    for index in units { unsafe exchange(elements + index, last - index) }
  }
}

@inlinable
func reverse<Element>(_ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan) {
  guard elements.count > 1 else { return }
  unsafe runMovingLoop(ReverseBody(elements), count: elements.count / 2, plan: plan.moving(minimumBatch: 2048))
}

extension ParallelElements where Base: MutableCollection {
  /// Reverses the elements in place.
  /// - Complexity: Work O(*n*), span O(log *n*).
  @inlinable
  public mutating func reverse() {
    let plan = plan
    unsafe withMutableElements { unsafe Skein.reverse($0, plan: plan) }
  }
}

extension ParallelMutableBuffer {
  /// Reverses the elements in place.
  /// - Complexity: Work O(*n*), span O(log *n*).
  @inlinable
  public func reverse() { unsafe Skein.reverse(base, plan: plan) }
}
