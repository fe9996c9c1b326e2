import Foundation

/// The compression library that every system has, found when it is needed: so that nobody needs its headers to build this package.
///
/// SAFETY: three functions of C's, which may be called on any thread, and the library is never unloaded.
@safe
struct Zlib: @unchecked Sendable {
  private typealias Bound = @convention(c) (UInt) -> UInt
  private typealias Compress =
    @convention(c) (
      UnsafeMutablePointer<UInt8>, UnsafeMutablePointer<UInt>, UnsafePointer<UInt8>, UInt, Int32
    ) -> Int32
  private typealias Checksum = @convention(c) (UInt, UnsafePointer<UInt8>, UInt32) -> UInt

  private let bound: Bound
  private let compress: Compress
  private let checksum: Checksum

  private static let names = ["libz.so.1", "libz.so", "libz.1.dylib"]

  init() throws {
    // SAFETY: the names are constants, and the functions have these types in every version of the library.
    guard let library = unsafe Self.names.lazy.compactMap({ unsafe dlopen($0, RTLD_NOW) }).first,
      let bound = unsafe dlsym(library, "compressBound"), let compress = unsafe dlsym(library, "compress2"),
      let checksum = unsafe dlsym(library, "crc32")
    else {
      throw CommandFailure(
        "cannot load the compression library: none of \(Self.names.joined(separator: ", ")) is there")
    }
    self.bound = unsafe unsafeBitCast(bound, to: Bound.self)
    unsafe self.compress = unsafe unsafeBitCast(compress, to: Compress.self)
    unsafe self.checksum = unsafe unsafeBitCast(checksum, to: Checksum.self)
  }

  /// The bytes compressed, as good as by default.
  func compressed(_ bytes: [UInt8]) throws -> [UInt8] {
    let capacity = bound(UInt(bytes.count))
    var status: Int32 = 0
    let result = unsafe [UInt8](unsafeUninitializedCapacity: Int(capacity)) { buffer, count in
      // SAFETY: the call writes no more than the length says that it is given, which is that of the buffer, and says how much it was.
      var length = capacity
      status = unsafe bytes.withUnsafeBufferPointer { bytes in
        guard let input = bytes.baseAddress, let output = buffer.baseAddress else { return 0 }
        return unsafe compress(output, &length, input, UInt(bytes.count), 6)
      }
      count = status == 0 && !bytes.isEmpty ? Int(length) : 0
    }
    guard status == 0 else { throw CommandFailure("the compression library fails with status \(status)") }
    return result
  }

  /// The checksum of what came before and these bytes.
  func checksum(_ bytes: [UInt8], after before: UInt) -> UInt {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return before }
      return unsafe checksum(before, start, UInt32(bytes.count))
    }
  }
}
