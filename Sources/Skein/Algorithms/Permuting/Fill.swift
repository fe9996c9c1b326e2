// Work O(n), span O(log n), no scratch memory.

@inlinable
func fill<Element>(_ elements: UnsafeMutableBufferPointer<Element>, with value: Element, plan: LoopPlan) {
  guard let start = elements.baseAddress else { return }
  let plan = plan.moving(minimumBatch: max(plan.minimumBatch, 1024))
  // SAFETY: each element is replaced by the batch that has its position.
  runMovingLoop(count: elements.count, plan: plan) { positions in
    unsafe (start + positions.lowerBound).update(repeating: value, count: positions.count)
  }
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
