// Work O(n), span O(log n), no scratch memory.

/// Assigns a value to some elements.
///
/// SAFETY: Each element is replaced by the batch that has its position.
@safe
@usableFromInline
struct FillBody<Element>: EvenLoopBody {
  @usableFromInline typealias Failure = Never
  @usableFromInline typealias Partial = Void

  @usableFromInline let elements: UnsafeMutablePointer<Element>
  @usableFromInline let value: Element

  @inlinable
  init(_ elements: UnsafeMutablePointer<Element>, _ value: Element) {
    unsafe self.elements = elements
    self.value = value
  }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Never>) {
    unsafe (elements + units.lowerBound).update(repeating: value, count: units.count)
  }
}

@inlinable
func fill<Element>(_ elements: UnsafeMutableBufferPointer<Element>, with value: Element, plan: LoopPlan) {
  guard let start = elements.baseAddress else { return }
  let plan = plan.moving(minimumBatch: max(plan.minimumBatch, 1024))
  unsafe runMovingLoop(FillBody(start, value), count: elements.count, plan: plan)
}

extension ParallelElements where Base: MutableCollection {
  /// Replaces every element by a value. The old elements are destroyed, on any worker.
  /// - Complexity: Work O(*n*), span O(log *n*).
  @inlinable
  public mutating func fill(with value: Element) {
    let plan = plan
    unsafe withMutableElements { unsafe Skein.fill($0, with: value, plan: plan) }
  }
}

extension ParallelMutableBuffer {
  /// Replaces every element by a value. The old elements are destroyed, on any worker.
  /// - Complexity: Work O(*n*), span O(log *n*).
  @inlinable
  public func fill(with value: Element) { unsafe Skein.fill(base, with: value, plan: plan) }
}
