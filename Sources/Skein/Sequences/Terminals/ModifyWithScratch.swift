@_alwaysEmitIntoClient
@inline(__always)
func modifyEach<Element, Scratch, E>(
  _ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan,
  scratch makeScratch: @escaping @Sendable () -> sending Scratch,
  _ body: @escaping @Sendable (inout Scratch, inout Element) throws(E) -> Void
) throws(E) {
  unsafe try plan.withScratchPool(of: Scratch.self) { (pool) throws(E) in
    unsafe try modifyEach(elements, plan: plan) { (elements, indices, watch) throws(E) in
      unsafe try pool.idle.pointee.withValue(makeValue: makeScratch) { (scratch) throws(E) in
        try watch.forEachSlice(of: indices, by: .calls) { (slice) throws(E) in
          for index in slice { unsafe try body(&scratch, &elements[index]) }
        }
      }
    }
  }
}

@_alwaysEmitIntoClient
@inline(__always)
func modifyEach<Element, Scratch, E>(
  chunkOf elements: UnsafeMutableBufferPointer<Element>, size: Int, plan: LoopPlan,
  scratch makeScratch: @escaping @Sendable () -> sending Scratch,
  _ body: @escaping @Sendable (inout Scratch, _ index: Int, inout MutableSpan<Element>) throws(E) -> Void
) throws(E) {
  unsafe try plan.withScratchPool(of: Scratch.self) { (pool) throws(E) in
    // SAFETY: the store of scratch values is made for several threads, and the loop ends before it.
    nonisolated(unsafe) let pool = unsafe pool
    unsafe try modifyEach(chunkOf: elements, size: size, plan: plan) { (index, chunk) throws(E) in
      unsafe try pool.idle.pointee.withValue(makeValue: makeScratch) { (scratch) throws(E) in
        try body(&scratch, index, &chunk)
      }
    }
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Calls a closure with a scratch value and each element, which it may change in place, on several threads at once.
  ///
  ///     rows.parallel.modifyEach(withScratch: { Workspace() }) { workspace, row in workspace.transform(&row) }
  ///
  /// Scratch values are made and used as by `map(withScratch:_:)`: at most one for each thread, never by two batches at
  /// once, until the loop ends.
  /// - Throws: The error of the first element in order whose closure throws. Elements after it may have been changed or not.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func modifyEach<Scratch, E>(
    withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, inout Element) throws(E) -> Void
  ) throws(E) {
    let plan = plan
    unsafe try withMutableElements { (elements) throws(E) in
      unsafe try Skein.modifyEach(elements, plan: plan, scratch: makeScratch, body)
    }
  }

  /// Calls a closure with a scratch value, the index of each chunk of `count` neighbouring elements, and the chunk, which
  /// it may change in place; the last chunk may be shorter. See ``modifyEach(chunksOf:_:)`` and
  /// ``modifyEach(withScratch:_:)``.
  /// - Precondition: `count` is at least 1.
  /// - Throws: The error of the first chunk in order for which the closure throws. Chunks after it may have been changed or not.
  /// - Complexity: Work O(*n* / `count`) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func modifyEach<Scratch, E>(
    chunksOf count: Int, withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, _ index: Int, inout MutableSpan<Element>) throws(E) -> Void
  ) throws(E) {
    let plan = plan
    unsafe try withMutableElements { (elements) throws(E) in
      unsafe try Skein.modifyEach(chunkOf: elements, size: count, plan: plan, scratch: makeScratch, body)
    }
  }
}

extension ParallelMutableBuffer {
  /// Calls a closure with a scratch value and each element, which it may change; see ``ParallelElements/modifyEach(withScratch:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func modifyEach<Scratch, E>(
    withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, inout Element) throws(E) -> Void
  ) throws(E) {
    unsafe try Skein.modifyEach(base, plan: plan, scratch: makeScratch, body)
  }

  /// Calls a closure with a scratch value and each `count` neighbouring elements, which it may change; see
  /// ``ParallelElements/modifyEach(chunksOf:withScratch:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func modifyEach<Scratch, E>(
    chunksOf count: Int, withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, _ index: Int, inout MutableSpan<Element>) throws(E) -> Void
  ) throws(E) {
    unsafe try Skein.modifyEach(chunkOf: base, size: count, plan: plan, scratch: makeScratch, body)
  }
}

extension ParallelInPlace {
  /// Calls a closure with a scratch value and each element, which it may change; see ``ParallelElements/modifyEach(withScratch:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEach<Scratch, E>(
    withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, inout Element) throws(E) -> Void
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.modifyEach(withScratch: makeScratch, body) }
  }

  /// Calls a closure with a scratch value and each `count` neighbouring elements, which it may change; see
  /// ``ParallelElements/modifyEach(chunksOf:withScratch:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEach<Scratch, E>(
    chunksOf count: Int, withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, _ index: Int, inout MutableSpan<Element>) throws(E) -> Void
  ) throws(E) {
    try withElements { (elements) throws(E) in
      try elements.modifyEach(chunksOf: count, withScratch: makeScratch, body)
    }
  }
}
