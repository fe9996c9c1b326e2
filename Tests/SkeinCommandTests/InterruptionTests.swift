#if os(Linux)
  import Foundation
  import Testing

  @testable import SkeinCommand

  /// What is left of the tool and its children when it is ended, and what a terminal shows meanwhile.
  @Suite(.serialized, .enabled(if: BuiltTool.url != nil))
  struct InterruptionTests {
    /// A row that would take hours.
    private static let long = [
      "memory", "--policy", "ownWork", "--iterations", "10000000", "--megabytes", "4", "--threads", "1",
    ]

    @Test(arguments: [SIGINT, SIGTERM, SIGHUP]) func theChildEndsBeforeTheToolDoes(number: Int32) async throws {
      try await onOwnThread {
        let tool = try RunningTool(Self.long)
        let child = try #require(tool.runningChild())
        #expect(tool.end(by: number) == number)
        #expect(RunningTool.isGone(child, within: 0))
      }
    }

    @Test func theChildEndsWhenTheToolIsKilled() async throws {
      try await onOwnThread {
        let tool = try RunningTool(Self.long)
        let child = try #require(tool.runningChild())
        #expect(tool.end(by: SIGKILL) == SIGKILL)
        #expect(RunningTool.isGone(child))
      }
    }

    /// At whatever moment of its start it comes.
    @Test(arguments: 0..<8) func theChildEndsHoweverEarly(round: Int) async throws {
      try await onOwnThread {
        let tool = try RunningTool(Self.long)
        let child = try #require(tool.child())
        Thread.sleep(forTimeInterval: 0.003 * Double(round))
        #expect(tool.end(by: SIGTERM) == SIGTERM)
        #expect(RunningTool.isGone(child))
      }
    }

    @Test func aTerminalReachesBoth() async throws {
      try await onOwnThread {
        let tool = try RunningTool(Self.long)
        let child = try #require(tool.runningChild())
        #expect(tool.end(by: SIGINT, group: true) == SIGINT)
        #expect(RunningTool.isGone(child, within: 0))
      }
    }

    @Test func aChildThatIsEndedEndsTheTool() async throws {
      try await onOwnThread {
        let tool = try RunningTool(Self.long)
        let child = try #require(tool.child())
        kill(child, SIGTERM)
        tool.process.waitUntilExit()
        #expect(tool.process.terminationReason == .uncaughtSignal)
        #expect(tool.process.terminationStatus == SIGTERM)
      }
    }

    @Test func aSignalThatIsIgnoredStaysIgnored() throws {
      let run = try BuiltTool(
        shell: #"trap "" HUP; "$0" stealing --tasks 200000 --json & sleep 0.3; kill -HUP $!; wait $!"#)
      #expect(run.status == 0)
      #expect(run.output.hasPrefix("{"))
    }

    @Test(arguments: [0, 5, 20, 80]) func theBarNeverWrapsAndGoes(columns: Int) async throws {
      try await onOwnThread {
        let terminal = try #require(PseudoTerminal(columns: columns))
        // Where the terminal does not know its width, the environment does.
        let tool = try RunningTool(Self.long, terminal: terminal, environment: ["TERM": "xterm", "COLUMNS": "33"])
        terminal.wait(forReturns: 8)
        #expect(tool.end(by: SIGINT) == SIGINT)
        let shown = terminal.everything()
        #expect(!shown.contains("\n"))
        #expect(shown.hasSuffix("\r\u{1B}[K"))
        let lines = shown.components(separatedBy: "\r").map { $0.replacingOccurrences(of: "\u{1B}[K", with: "") }
        #expect(lines.count > 3)
        #expect(lines.allSatisfy { displayWidth($0) < (columns == 0 ? 33 : columns) })
        #expect(columns == 5 || lines.contains { $0.hasSuffix(" %") })
      }
    }

    @Test func noBarOnATerminalThatCannotEraseIt() async throws {
      try await onOwnThread {
        let terminal = try #require(PseudoTerminal(columns: 80))
        let tool = try RunningTool(Self.long, terminal: terminal, environment: ["TERM": "dumb"])
        Thread.sleep(forTimeInterval: 1.5)
        #expect(tool.end(by: SIGINT) == SIGINT)
        #expect(terminal.everything() == "")
      }
    }
  }
#endif
