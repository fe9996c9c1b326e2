import ArgumentParser
import Foundation

/// Runs one row in a process of its own, so that its peak of resident memory is its own.
func runInChild(_ row: MemoryRow) throws -> MemoryResult {
  let process = Process()
  process.executableURL = try executableURL()
  let specification = try JSONEncoder().encode(row)
  process.arguments = ["memory-row", String(decoding: specification, as: UTF8.self)]
  let output = Pipe()
  // Nothing is ever written to it. The child ends as soon as the other end is closed, which the system does if this process is
  // ended in whatever way: see `endWithParent`.
  let lifeline = Pipe()
  process.standardOutput = output
  process.standardInput = lifeline
  do {
    try process.run()
  } catch {
    throw CommandFailure("cannot start a process for a row: \(reason(of: error))")
  }
  let data = Interruption.withChild(process) {
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return data
  }
  try? lifeline.fileHandleForWriting.close()
  guard process.terminationReason == .exit else {
    if Interruption.signals.contains(process.terminationStatus) {
      // Meant for both, as by the terminal when a user interrupts, or for the command as a whole.
      Interruption.end(by: process.terminationStatus)
    }
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

/// Ends this process as soon as its standard input ends, as happens when the process that started it is gone, and makes it one of that
/// process's group: what a terminal sends to the one, such as the signal to stop, goes to both.
///
/// Without a standard input that can be read it goes on.
func endWithParent() {
  // Foundation starts a process in a group of its own. If its parent is gone already, this fails or does not matter.
  setpgid(0, getpgid(getppid()))
  Thread.detachNewThread {
    var byte: UInt8 = 0
    // SAFETY: the call writes at most the one byte.
    while case let count = unsafe read(STDIN_FILENO, &byte, 1), count != 0 {
      if count < 0, errno != EINTR { return }
    }
    if Terminal.isPresent { Terminal.eraseLine() }
    _exit(1)
  }
}
