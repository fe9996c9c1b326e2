// Work O(n), span O(log n), no scratch memory.

@inlinable
func reverse<Element>(_ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan) {
  guard let first = elements.baseAddress, elements.count > 1 else { return }
  let last = unsafe first + (elements.count - 1)
  // SAFETY: an exchange touches the two elements of its number, below and above the middle.
  runMovingLoop(count: elements.count / 2, plan: plan.moving(minimumBatch: 2048)) { positions in
    for position in positions { unsafe exchange(first + position, last - position) }
  }
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
