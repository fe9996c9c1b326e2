#if canImport(Darwin)
  internal import Darwin
#elseif canImport(Glibc)
  internal import Glibc
#elseif canImport(Musl)
  internal import Musl
#endif

/// Returns the index of the first byte that equals `byte`, found by the C library, which compares many at once.
///
/// SAFETY: the caller guarantees that the memory is valid.
func firstIndex(of byte: UInt8, in bytes: UnsafeRawBufferPointer) -> Int? {
  guard let start = bytes.baseAddress, let found = unsafe memchr(start, Int32(byte), bytes.count) else { return nil }
  return unsafe UnsafeRawPointer(found) - start
}
