#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Large pages for memory that is about to be used for the first time.
///
/// The system provides a page at the first access to it: with small pages that takes longer than to fill them. Large
/// ones also spare scattered accesses most of the translation of addresses.
enum LargePages {
  static var size: Int { 1 << 21 }

  /// Advises the system to use large pages for some memory, if it is large enough. The system may decline.
  ///
  /// SAFETY: changes nothing but the time that accesses take.
  @safe
  @inline(never)
  static func advise(_ memory: UnsafeMutableRawPointer, byteCount: Int) {
    guard byteCount >= 2 * size else { return }
    #if os(Linux)
      // From the start of a page on: the largest of the small ones has 64 KiB. 14 is MADV_HUGEPAGE on every architecture
      // but a few old ones that ignore it.
      let skipped = -Int(bitPattern: memory) & 0xFFFF
      _ = unsafe madvise(memory + skipped, byteCount - skipped, 14)
    #endif
  }
}
