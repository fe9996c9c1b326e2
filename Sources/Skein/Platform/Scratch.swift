#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Memory for the duration of one operation, or for a large deque, in the largest pages that the system has: scattered writes to many small
/// pages would spend their time on address translation, and the first access to each has a cost.
@usableFromInline
enum Scratch {
  private static var largePage: Int { 1 << 21 }

  /// - Returns: Memory that must be freed with `deallocate()`.
  @usableFromInline
  static func allocate(byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
    guard byteCount >= 2 * largePage else { return .allocate(byteCount: max(1, byteCount), alignment: alignment) }
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: max(largePage, alignment))
    #if os(Linux)
      // Advice, which the system may decline. 14 is MADV_HUGEPAGE on every architecture but a few old ones that ignore it.
      _ = unsafe madvise(memory, byteCount, 14)
    #endif
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
