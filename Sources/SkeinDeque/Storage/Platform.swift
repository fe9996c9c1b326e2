#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#elseif canImport(Android)
  internal import Android
#endif

/// Yields the rest of this thread's time slice to another thread.
@usableFromInline
func yieldProcessor() {
  _ = sched_yield()
}

/// Returns the whole pages inside a block of memory to the system, while the addresses stay readable.
///
/// Reads then return zero or the previous contents. Nothing happens to memory smaller than a few pages.
/// - Returns: whether the system was asked.
@discardableResult
@usableFromInline
@unsafe
package func discardPages(of start: UnsafeMutableRawPointer, byteCount: Int) -> Bool {
  let page = max(Int(sysconf(Int32(_SC_PAGESIZE))), 4096)
  guard byteCount >= 16 * page else { return false }
  let first = (UInt(bitPattern: start) &+ UInt(page &- 1)) & ~UInt(page &- 1)
  let end = (UInt(bitPattern: start) &+ UInt(byteCount)) & ~UInt(page &- 1)
  guard end > first, let address = unsafe UnsafeMutableRawPointer(bitPattern: first) else { return false }
  #if canImport(Darwin)
    return unsafe madvise(address, Int(end &- first), MADV_FREE) == 0
  #else
    return unsafe madvise(address, Int(end &- first), MADV_DONTNEED) == 0
  #endif
}
