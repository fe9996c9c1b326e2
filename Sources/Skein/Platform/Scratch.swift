/// Memory for the duration of one operation, or for a large deque, in large pages; see `LargePages`.
@usableFromInline
enum Scratch {
  /// - Returns: Memory that must be freed with `deallocate()`.
  @usableFromInline
  static func allocate(byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
    guard byteCount >= 2 * LargePages.size else {
      return .allocate(byteCount: max(1, byteCount), alignment: alignment)
    }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: max(LargePages.size, alignment))
    LargePages.advise(memory, byteCount: byteCount)
    return unsafe memory
  }

  /// Calls `body` with uninitialised memory for some elements.
  @inlinable
  static func with<Element, Failure: Error>(
    _ type: Element.Type, count: Int, _ body: (UnsafeMutablePointer<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    let memory = unsafe allocate(
      byteCount: count * MemoryLayout<Element>.stride, alignment: MemoryLayout<Element>.alignment)
    defer { unsafe memory.deallocate() }
    unsafe try body(memory.bindMemory(to: Element.self, capacity: count))
  }
}
