import Foundation

/// Something that went wrong while a command ran, told in one line.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// Writes one line, headed by the name of the tool, to standard error.
func reportError(_ message: String) {
  let lines = message.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
  let text = lines.isEmpty ? "failed" : lines.joined(separator: " ")
  // If even this cannot be written there is nobody left to tell.
  try? FileHandle.standardError.write(contentsOf: Data("skein: \(text)\n".utf8))
}

/// Writes text and the end of a line to standard output.
func printOutput(_ text: String) throws {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data("\(text)\n".utf8))
  } catch {
    throw CommandFailure("cannot write to standard output: \(reason(of: error))")
  }
}

/// Why a file operation failed, in a few words: "no such file or directory".
func reason(of error: any Error) -> String {
  let error = error as NSError
  let system = error.domain == NSPOSIXErrorDomain ? error : error.userInfo[NSUnderlyingErrorKey] as? NSError
  if let system, system.domain == NSPOSIXErrorDomain {
    // SAFETY: the texts of the system's errors are constants.
    let text = unsafe String(cString: strerror(Int32(system.code)))
    return text.prefix(1).lowercased() + text.dropFirst()
  }
  guard error.domain == NSCocoaErrorDomain else { return error.localizedDescription }
  switch CocoaError.Code(rawValue: error.code) {
  case .fileNoSuchFile, .fileReadNoSuchFile: return "no such file or directory"
  case .fileReadNoPermission, .fileWriteNoPermission: return "permission denied"
  case .fileWriteOutOfSpace: return "no space left on device"
  case .fileWriteVolumeReadOnly: return "read-only file system"
  case .fileReadTooLarge: return "file too large"
  default: return "the system refused"
  }
}
