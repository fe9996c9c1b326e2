@_alwaysEmitIntoClient
@inline(__always)
func modifyEachSpan<Element, E>(
  of elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan,
  _ body: @escaping @Sendable (inout MutableSpan<Element>, Int) throws(E) -> Void
) throws(E) {
  let control = LoopControl<E>(plan)
  let loop = SliceBody<E> { (slice) throws(E) in
    // The memory belongs to the caller until the loop is over; the engine hands each index to one thread.
    let part = unsafe UnsafeMutableBufferPointer(rebasing: elements[slice])
    var span = unsafe part.mutableSpan
    try body(&span, slice.lowerBound)
  }
  runLoop(loop, control, count: elements.count, plan: plan)
  try control.throwFirst()
}

extension ParallelElements where Base: MutableCollection {
  /// Calls a closure with spans, which together are all elements and which it may change in place, and with the number
  /// of elements before each; on several threads at once.
  ///
  ///     samples.parallel.modifyEachSpan { span, _ in
  ///       for index in span.indices { span[index] *= factor }
  ///     }
  ///
  /// Where one span ends and the next begins is up to the loop. See <doc:Making-a-loop-fast>.
  ///
  /// - Throws: The error of the first span in order for which the closure throws. Elements after it may have been changed or not.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func modifyEachSpan<E>(
    _ body: @escaping @Sendable (inout MutableSpan<Element>, Int) throws(E) -> Void
  ) throws(E) {
    let plan = plan
    unsafe try withMutableElements { (elements) throws(E) in
      unsafe try Skein.modifyEachSpan(of: elements, plan: plan, body)
    }
  }
}

extension ParallelMutableBuffer {
  /// Calls a closure with spans of the elements, which it may change in place; see ``ParallelElements/modifyEachSpan(_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func modifyEachSpan<E>(
    _ body: @escaping @Sendable (inout MutableSpan<Element>, Int) throws(E) -> Void
  ) throws(E) {
    unsafe try Skein.modifyEachSpan(of: base, plan: plan, body)
  }
}
