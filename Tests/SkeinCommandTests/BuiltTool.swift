import Foundation

/// The built `skein`, run as a process.
struct BuiltTool {
  var status: Int32
  var output: String
  var errorOutput: String

  var errorLines: [Substring] { errorOutput.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }

  /// The program beside the test bundle, or `nil` where the tests are not run from a build directory.
  static let url: URL? = {
    #if os(Linux)
      let running = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      let candidates = [running.deletingLastPathComponent()]
    #else
      let bundles = Bundle.allBundles.map(\.bundleURL).filter { $0.pathExtension == "xctest" }
      let candidates = bundles.map { $0.deletingLastPathComponent() }
    #endif
    return candidates.map { $0.appendingPathComponent("skein") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  init(_ arguments: String...) throws {
    try self.init(arguments)
  }

  init(_ arguments: [String]) throws { try self.init(running: Self.url, arguments) }

  /// Runs a line of the shell, in which `"$0"` is the program.
  init(shell line: String) throws {
    try self.init(running: URL(fileURLWithPath: "/bin/sh"), ["-c", line, Self.url?.path ?? ""])
  }

  private init(running program: URL?, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    let output = Pipe()
    let errorOutput = Pipe()
    process.standardOutput = output
    process.standardError = errorOutput
    try process.run()
    // What is written to standard error here fits the pipe: reading one after the other cannot block.
    self.output = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    self.errorOutput = String(decoding: errorOutput.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    status = process.terminationStatus
  }
}
