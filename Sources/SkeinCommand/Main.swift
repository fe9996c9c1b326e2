import ArgumentParser
import Foundation

@main
enum Main {
  /// Parses and runs the command line; whatever goes wrong is one line on standard error and a non-zero exit status.
  static func main() {
    openStandardInput()
    Interruption.watch()
    do {
      var command = try SkeinTool.parseAsRoot()
      try command.run()
    } catch {
      let status = SkeinTool.exitCode(for: error)
      if status.isSuccess {
        succeed(SkeinTool.fullMessage(for: error))
      }
      if !(error is ExitCode) {
        reportError(SkeinTool.message(for: error))
      }
      exit(status.rawValue)
    }
  }

  /// Lets a closed standard input be an empty one. Otherwise the next pipe would take its number, and a child whose own input that
  /// pipe is to be would start without one.
  private static func openStandardInput() {
    guard fcntl(STDIN_FILENO, F_GETFD) < 0 else { return }
    // SAFETY: the call reads the path, which lives until it returns.
    _ = unsafe open("/dev/null", O_RDONLY)
  }

  /// Prints what was asked for: help, the version, a script for the shell. If that cannot be written, it is no success.
  private static func succeed(_ message: String) -> Never {
    do {
      if !message.isEmpty { try printOutput(message) }
      exit(EXIT_SUCCESS)
    } catch {
      reportError("\(error)")
      exit(EXIT_FAILURE)
    }
  }
}

/// The root command: without a subcommand it prints its help.
struct SkeinTool: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "skein",
    abstract: "Shows what the Skein library does, on this machine, with every result checked.",
    version: version,
    subcommands: [
      DemoCommand.self, ComputeCommand.self, StealingCommand.self, WordsCommand.self, MemoryCommand.self,
      MemoryRowCommand.self, StreamCommand.self,
    ])

  /// The version of the package, which is written down here and nowhere else. It has the suffix until that version is released.
  static let version = "0.1.0-dev"
}
