import ArgumentParser
import Foundation

@main
enum Main {
  /// Parses and runs the command line; whatever goes wrong is one line on standard error and a non-zero exit status.
  static func main() {
    do {
      var command = try SkeinTool.parseAsRoot()
      try command.run()
    } catch {
      let status = SkeinTool.exitCode(for: error)
      if status.isSuccess {
        SkeinTool.exit(withError: error)
      }
      if !(error is ExitCode) {
        reportError(SkeinTool.message(for: error))
      }
      exit(status.rawValue)
    }
  }
}

/// The root command: without a subcommand it prints its help.
struct SkeinTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skein",
    abstract: "Shows what the Skein library does, on this machine, with every result checked.",
    subcommands: [
      DemoCommand.self, MemoryCommand.self, StealingCommand.self, WordsCommand.self, ComputeCommand.self,
      MemoryRowCommand.self,
    ])
}
