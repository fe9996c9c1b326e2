import ArgumentParser
import Foundation

/// Runs one row in a process of its own, so that its peak of resident memory is its own.
func runInChild(_ row: MemoryRow) throws -> MemoryResult {
  let process = Process()
  process.executableURL = try executableURL()
  let specification = try JSONEncoder().encode(row)
  process.arguments = ["memory-row", String(decoding: specification, as: UTF8.self)]
  let output = Pipe()
  // The child watches its standard input and ends when this process does.
  let lifeline = Pipe()
  process.standardOutput = output
  process.standardInput = lifeline
  do {
    try process.run()
  } catch {
    throw CommandFailure("cannot start a process for a row: \(reason(of: error))")
  }
  let data = output.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  try? lifeline.fileHandleForWriting.close()
  guard process.terminationReason == .exit else {
    throw CommandFailure(
      "memory, .\(row.policy.rawValue), \(row.splitting.description): ended by signal \(process.terminationStatus)")
  }
  guard process.terminationStatus == 0 else {
    // The child has said why on standard error, in one line.
    throw ExitCode(process.terminationStatus)
  }
  do {
    return try JSONDecoder().decode(MemoryResult.self, from: data)
  } catch {
    throw CommandFailure("memory: a row printed something that is no result")
  }
}

/// The file of the running program.
private func executableURL() throws -> URL {
  #if os(Linux)
    return URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  #else
    guard let url = Bundle.main.executableURL else {
      throw CommandFailure("cannot find the file of the running program")
    }
    return url
  #endif
}

/// Ends this process as soon as its standard input ends, as happens when the process that started it is gone. Without a standard
/// input that can be read it goes on.
func endWithParent() {
  Thread.detachNewThread {
    while let data = try? FileHandle.standardInput.read(upToCount: 1) {
      if data.isEmpty { exit(1) }
    }
  }
}
