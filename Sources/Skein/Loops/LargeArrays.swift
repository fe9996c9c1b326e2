extension Array {
  /// Like `init(unsafeUninitializedCapacity:initializingWith:)`, for an array that a loop with this plan fills: in large
  /// pages if it is large and the loop has several threads.
  ///
  /// (Measured with 400 MB on a virtual machine: two threads filled them in a third of the time that small pages took;
  /// one thread took 1 to 3 times as long, since its host had to provide the memory page by page.)
  ///
  /// SAFETY: as for that.
  @unsafe
  @inlinable
  @inline(__always)
  init(
    uninitializedCount count: Int, for plan: LoopPlan,
    _ initialize: (UnsafeMutableBufferPointer<Element>, inout Int) -> Void
  ) {
    unsafe self.init(unsafeUninitializedCapacity: count) { buffer, initializedCount in
      if let memory = buffer.baseAddress {
        plan.adviseLargePages(memory, byteCount: count &* MemoryLayout<Element>.stride)
      }
      unsafe initialize(buffer, &initializedCount)
    }
  }
}

extension LoopPlan {
  /// SAFETY: changes nothing but the time that accesses take.
  @safe
  @usableFromInline
  @inline(never)
  func adviseLargePages(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    guard byteCount >= 2 * LargePages.size else { return }
    let pool = pool ?? (WorkerReference.current == nil ? .shared : nil)
    let threadCount = pool?.core.threadCount ?? WorkerReference.current!.poolThreadCount
    if threadCount > 1 { LargePages.advise(memory, byteCount: byteCount) }
  }
}
