import Foundation
import Testing

@testable import SkeinCommand

/// The part that filters and compresses a log.
@Suite struct StreamingTests {
  @Test(arguments: [1, 3]) func bothWaysGiveTheSame(threads: Int) throws {
    let report = try withTemporaryDirectory { directory in
      try StreamCommand.report(threads: threads, megabytes: 1, directory: directory.path)
    }
    #expect(report.failures.isEmpty)
    #expect(report.lines > 1000)
    #expect((1..<report.lines).contains(report.keptLines))
    #expect((1..<report.logBytes).contains(report.packedBytes))
  }

  /// Blocks end where lines do, and together they are the log.
  @Test func blocksAreWholeLines() throws {
    let file = try withTemporaryDirectory { try ScratchFile(in: $0.path) }
    let log = (0..<3).flatMap { LogText.block($0, bytes: 200_000) }
    try file.append(log)
    let failure = LineBlocks.Failure()
    let blocks = Array(LineBlocks(file, failure))
    #expect(blocks.count > 1)
    #expect(blocks.allSatisfy { $0.last == 10 })
    #expect(blocks.flatMap { $0 } == log)
    #expect(failure.error == nil)
  }

  @Test func aDirectoryThatIsNotThere() {
    #expect(throws: CommandFailure.self) { try ScratchFile(in: "/nowhere/at/all") }
  }
}
