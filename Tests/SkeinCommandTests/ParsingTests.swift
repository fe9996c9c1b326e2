import ArgumentParser
import Testing

@testable import SkeinCommand

/// What the command line is read as, without running it.
@Suite struct ParsingTests {
  @Test func theDefaults() throws {
    let memory = try MemoryCommand.parse([])
    #expect(memory.iterations == 10_000)
    #expect(memory.megabytes == 8)
    #expect(memory.policy == nil)
    #expect(!memory.output.json)
    #expect(try memory.threadOption.count >= 1)
    #expect(try WordsCommand.parse([]).top == 10)
  }

  @Test(arguments: Policy.allCases) func thePolicies(policy: Policy) throws {
    #expect(try MemoryCommand.parse(["--policy", policy.rawValue]).policy == policy)
  }

  @Test func theOptions() throws {
    let words = try WordsCommand.parse(["some/where", "--top", "3", "--threads", "7", "--json"])
    #expect(words.path == "some/where")
    #expect(words.top == 3)
    #expect(try words.threadOption.count == 7)
    #expect(words.output.json)
  }

  @Test(arguments: ["0", "-1", "1025", "1000000000"]) func threadCountsOutOfBounds(count: String) {
    #expect(throws: (any Error).self) { try SkeinTool.parseAsRoot(["stealing", "--threads", count]) }
  }
}
