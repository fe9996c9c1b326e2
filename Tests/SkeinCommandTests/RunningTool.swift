import Foundation

/// The built `skein` while it runs.
final class RunningTool {
  let process = Process()
  private let output = Pipe()

  /// - Parameter terminal: what standard error is connected to; else it is thrown away.
  init(_ arguments: [String], terminal: PseudoTerminal? = nil, environment: [String: String] = [:]) throws {
    process.executableURL = BuiltTool.url
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardOutput = output
    process.standardError = terminal?.programSide ?? FileHandle.nullDevice
    Self.heedInterruptions
    try process.run()
  }

  /// A program that ignores a signal passes that on: tests that run in the background of a shell must not.
  private static let heedInterruptions: Void = { _ = signal(SIGINT, SIG_DFL) }()

  var identifier: Int32 { process.processIdentifier }

  /// Waits until it has started a process of its own.
  func child() -> Int32? {
    for _ in 0..<6000 {
      if let child = Self.processes().first(where: { $0.parent == identifier }) { return child.identifier }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return nil
  }

  /// Waits until a process that it has started runs, which joins its group then, and until it sleeps for as long as that one runs.
  func runningChild() -> Int32? {
    guard let child = child() else { return nil }
    for _ in 0..<6000 {
      let processes = Self.processes()
      if let tool = processes.first(where: { $0.identifier == identifier }), tool.state == "S",
        processes.contains(where: { $0.identifier == child && $0.group == tool.group })
      {
        return child
      }
      Thread.sleep(forTimeInterval: 0.01)
    }
    return nil
  }

  /// Sends the signal and waits for the end; the answer is the signal that ended it.
  func end(by number: Int32, group: Bool = false) -> Int32? {
    kill(group ? -identifier : identifier, number)
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal ? process.terminationStatus : nil
  }

  /// Whether a process is gone, or is a moment later; what nobody has waited for is gone.
  static func isGone(_ identifier: Int32, within seconds: Double = 60) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    repeat {
      guard let process = processes().first(where: { $0.identifier == identifier }), process.state != "Z" else {
        return true
      }
      Thread.sleep(forTimeInterval: 0.01)
    } while Date() < deadline
    return false
  }

  private static func processes() -> [(identifier: Int32, state: Substring, parent: Int32, group: Int32)] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return names.compactMap { Int32($0) }.compactMap { identifier in
      let text = contents(ofFile: "/proc/\(identifier)/stat")
      guard let end = text.lastIndex(of: ")") else { return nil }
      let fields = text[end...].split(separator: " ")
      guard fields.count > 3, let parent = Int32(fields[2]), let group = Int32(fields[3]) else { return nil }
      return (identifier, fields[1], parent, group)
    }
  }

  /// The first 4096 bytes of a file. (Foundation leaks its buffer when a process ends while its file is read.)
  private static func contents(ofFile path: String) -> String {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return "" }
    defer { close(file) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    // SAFETY: the call writes at most as many bytes as there are.
    let count = unsafe read(file, &bytes, bytes.count)
    return String(decoding: bytes[..<max(0, count)], as: UTF8.self)
  }
}

/// A terminal that is no device: what a program writes to the one side can be read at the other.
final class PseudoTerminal {
  let programSide: FileHandle
  private let ourSide: FileHandle
  private var data = Data()

  init?(columns: Int) {
    // The functions for this are not in every module map. These are Linux's own requests: unlock the terminal, and tell its number.
    let unlock: UInt = 0x4004_5431
    let tellNumber: UInt = 0x8004_5430
    let ours = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var zero: Int32 = 0
    var number: Int32 = 0
    // SAFETY: both calls take the address of an integer, which lives until they return.
    guard ours >= 0, unsafe ioctl(ours, unlock, &zero) == 0, unsafe ioctl(ours, tellNumber, &number) == 0 else {
      return nil
    }
    let programs = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard programs >= 0 else { return nil }
    var size = winsize(ws_row: 24, ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    // SAFETY: the call reads the structure it is given, which lives until it returns.
    _ = unsafe ioctl(programs, UInt(TIOCSWINSZ), &size)
    ourSide = FileHandle(fileDescriptor: ours, closeOnDealloc: true)
    programSide = FileHandle(fileDescriptor: programs, closeOnDealloc: true)
  }

  /// What was written to it, once no program has it open any more.
  func everything() -> String {
    try? programSide.close()
    while readMore() {}
    return String(decoding: data, as: UTF8.self)
  }

  /// Waits until that many carriage returns were written to it; a minute at most.
  func wait(forReturns count: Int) {
    let start = ContinuousClock.now
    while data.count(where: { $0 == 13 }) < count, ContinuousClock.now - start < .seconds(60) {
      var request = pollfd(fd: ourSide.fileDescriptor, events: Int16(POLLIN), revents: 0)
      // SAFETY: the call reads and writes one structure, which lives until it returns.
      if unsafe poll(&request, 1, 100) == 1, !readMore() { return }
    }
  }

  /// Reads what there is, waiting for something; false at the end, which is an error (Foundation would throw away what came before).
  private func readMore() -> Bool {
    var piece = [UInt8](repeating: 0, count: 4096)
    // SAFETY: the call writes at most as many bytes as there are.
    let count = unsafe read(ourSide.fileDescriptor, &piece, piece.count)
    if count > 0 { data.append(contentsOf: piece[..<count]) }
    return count > 0
  }
}
