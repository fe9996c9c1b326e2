import Foundation

/// A file without a name: it is gone when this program is, however that ends.
final class ScratchFile {
  private let descriptor: Int32
  private(set) var byteCount = 0

  /// - Parameter directory: Where the space for it is.
  init(in directory: String) throws {
    let path = "\(directory)/skein-\(UUID().uuidString)"
    // SAFETY: the calls read the path, which lives until they return.
    descriptor = unsafe open(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    guard descriptor >= 0 else { throw CommandFailure("cannot write in \(directory): \(Self.reason)") }
    unsafe unlink(path)
  }

  deinit { close(descriptor) }

  private static var reason: String { SkeinCommand.reason(of: NSError(domain: NSPOSIXErrorDomain, code: Int(errno))) }

  /// Writes at the end.
  func append(_ bytes: [UInt8]) throws {
    var written = 0
    while written < bytes.count {
      // SAFETY: the call reads the rest of the array.
      let count = unsafe bytes.withUnsafeBytes { bytes in
        unsafe write(descriptor, bytes.baseAddress! + written, bytes.count - written)
      }
      guard count > 0 else {
        if errno == EINTR { continue }
        throw CommandFailure("cannot write the scratch file: \(Self.reason)")
      }
      written += count
    }
    byteCount += bytes.count
  }

  /// Reads bytes from a place: as many as there are, but no more than so many.
  func read(_ count: Int, at offset: Int) throws -> [UInt8] {
    var failed = false
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        // SAFETY: the call writes into the rest of the buffer.
        let more = unsafe pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if more < 0 && errno == EINTR { continue }
        failed = more < 0
        if more <= 0 { break }
        filled += more
      }
    }
    if failed { throw CommandFailure("cannot read the scratch file: \(Self.reason)") }
    return bytes
  }
}
