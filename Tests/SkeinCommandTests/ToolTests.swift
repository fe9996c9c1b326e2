import Foundation
import Testing

@testable import SkeinCommand

/// The program as its users meet it: exit statuses, and what goes to which stream.
@Suite(.enabled(if: BuiltTool.url != nil))
struct ToolTests {
  @Test func aloneItPrintsItsHelp() throws {
    let run = try BuiltTool()
    #expect(run.status == 0)
    #expect(run.output.contains("USAGE: skein"))
    #expect(run.errorOutput.isEmpty)
  }

  @Test(arguments: ["demo", "memory", "stealing", "words", "compute"])
  func everyPartHasHelp(part: String) throws {
    let run = try BuiltTool(part, "--help")
    #expect(run.status == 0)
    #expect(run.output.contains("USAGE: skein \(part)"))
    #expect(run.output.contains("--json"))
  }

  @Test(arguments: [
    (["memory", "--threads", "0"], "--threads must be 1 to 1024, not 0"),
    (["demo", "--threads", "-1"], "--threads must be 1 to 1024, not -1"),
    (["words", "--threads", "1000000000"], "--threads must be 1 to 1024, not 1000000000"),
    (["memory", "--iterations", "0"], "--iterations must be 1 to 10000000, not 0"),
    (["memory", "--megabytes", "-8"], "--megabytes must be 1 to 4096, not -8"),
    (["memory", "--policy", "none"], "'none'"),
    (["stealing", "--tasks", "0"], "--tasks must be 1 to 5000000, not 0"),
    (["stealing", "--tasks", "many"], "'many'"),
    (["compute", "--size", "99999999"], "--size must be 8 to 4096, not 99999999"),
    (["compute", "--queens", "40"], "--queens must be 4 to 16, not 40"),
    (["compute", "--rounds", "0"], "--rounds must be 1 to 100, not 0"),
    (["words", "--top", "-1"], "--top must be 0 to 10000, not -1"),
    (["compute", "--size", "99999999999999999999999"], "'99999999999999999999999'"),
    (["unknown"], "'unknown'"),
    (["words", "/no/such/directory"], "cannot read /no/such/directory: no such file or directory"),
    (["words", ""], "the path is empty"),
    (["compute", "--size", "8", "--picture", "/"], "the name of a picture must end in .pgm or .ppm, not as in '/'"),
    (["compute", "--picture", "set.png"], "the name of a picture must end in .pgm or .ppm, not as in 'set.png'"),
    (["words", "/dev/null"], "neither a file nor a directory: /dev/null"),
    (
      ["compute", "--size", "8", "--picture", "/no/such/directory/picture.ppm"],
      "cannot write /no/such/directory/picture.ppm: no such file or directory"
    ),
  ])
  func whatIsWrongIsToldInOneLine(arguments: [String], told: String) throws {
    let run = try BuiltTool(arguments)
    #expect(run.status != 0)
    #expect(run.output.isEmpty)
    #expect(run.errorLines.count == 1)
    #expect(run.errorOutput.hasPrefix("skein: "))
    #expect(run.errorOutput.contains(told))
  }

  @Test func unreadableFilesAreToldCountedAndFatalInTheEnd() throws {
    try withTemporaryDirectory { directory in
      try directory.write("one two\n", to: "text")
      try FileManager.default.createSymbolicLink(
        atPath: directory.appendingPathComponent("broken").path, withDestinationPath: "nowhere")
      let run = try BuiltTool("words", directory.path, "--json")
      #expect(run.status == 1)
      let report = try JSONDecoder().decode(WordsReport.self, from: Data(run.output.utf8))
      #expect(report.words == 2)
      #expect(report.unreadable.count == 1)
      #expect(run.errorLines.count == 1)
    }
  }

  @Test func aFileWithoutAReadableNameIsTold() throws {
    try withTemporaryDirectory { directory in
      let made = try BuiltTool(shell: "echo text > \"$(printf '\(directory.path)/n\\351')\"")
      try #require(made.status == 0)
      let run = try BuiltTool("words", directory.path)
      #expect(run.status == 1)
      #expect(run.errorOutput.hasSuffix(": its name is not UTF-8\n"))
    }
  }

  @Test func closedStreams() throws {
    let input = try BuiltTool(shell: #""$0" memory --iterations 4 --megabytes 1 --threads 2 <&-"#)
    #expect(input.status == 0)
    #expect(input.errorOutput.isEmpty)
    let output = try BuiltTool(shell: #""$0" stealing --tasks 10 >&-"#)
    #expect(output.status == 1)
    #expect(output.errorOutput == "skein: cannot write to standard output: bad file descriptor\n")
    let errors = try BuiltTool(shell: #""$0" words /no/such/directory 2>&-"#)
    #expect(errors.status == 1)
    let reader = try BuiltTool(shell: #""$0" words --top 10000 --json | head -1"#)
    #expect(reader.output == "{\n")
    #expect(reader.errorLines.count <= 1)
  }

  @Test(arguments: ["many", "0", "-1", "1000000000", ""])
  func theEnvironmentIsChecked(threads: String) throws {
    for part in ["demo", "memory", "stealing", "words", "compute"] {
      let run = try BuiltTool(shell: "SKEIN_THREADS='\(threads)' \"$0\" \(part)")
      #expect(run.status == 1)
      #expect(run.output.isEmpty)
      #expect(run.errorOutput == "skein: SKEIN_THREADS is '\(threads)', but must be a number from 1 to 4096\n")
    }
  }

  @Test func everyRowOfMemoryIsAProcessAndChecked() throws {
    let run = try BuiltTool("memory", "--iterations", "4", "--megabytes", "1", "--threads", "2", "--json")
    #expect(run.status == 0)
    #expect(run.errorOutput.isEmpty)
    let report = try JSONDecoder().decode(MemoryReport.self, from: Data(run.output.utf8))
    #expect(report.results.count == 5)
    #expect(report.failures.isEmpty)
    #expect(report.results.allSatisfy { ($0.peakResidentBytes ?? .max) > 1 << 20 })
  }

  @Test func theVersion() throws {
    let run = try BuiltTool("--version")
    #expect(run.status == 0)
    #expect(run.output == SkeinTool.version + "\n")
    #expect(run.output.prefixMatch(of: /\d+\.\d+\.\d+/) != nil)
  }

  @Test(
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")),
    arguments: ["", "--help", "--version", "help compute", "memory --help", "--generate-completion-script bash"])
  func whatCannotBeWrittenIsAFailure(arguments: String) throws {
    let run = try BuiltTool(shell: "\"$0\" \(arguments) > /dev/full")
    #expect(run.status == 1)
    #expect(run.errorOutput == "skein: cannot write to standard output: no space left on device\n")
  }

  @Test(arguments: [
    ["compute", "--size", "16", "--queens", "5", "--rounds", "1"], ["stealing", "--tasks", "3000", "--threads", "3"],
    ["words", "--top", "100"], ["memory", "--iterations", "3", "--megabytes", "1"],
    ["--help"], ["demo", "--help"], ["compute", "--help"], ["stealing", "--help"], ["words", "--help"],
    ["memory", "--help"],
  ])
  func everythingFitsThePage(arguments: [String]) throws {
    let run = try BuiltTool(arguments)
    #expect(run.status == 0)
    #expect(widest(run.output) <= 80)
  }

  /// The order of the parts in the list of commands is that in which the demonstration shows them.
  @Test func computeComesFirstAndMemoryLast() throws {
    let help = try BuiltTool("--help").output
    let places = ["  compute ", "  stealing ", "  words ", "  memory "].map { help.firstRange(of: $0)?.lowerBound }
    #expect(places.allSatisfy { $0 != nil })
    #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["SKEIN_LONG_TESTS"] != nil))
  func theDemonstration() throws {
    let run = try BuiltTool("demo")
    #expect(run.status == 0)
    #expect(widest(run.output) <= 80)
    let places = ["\nCompute: ", "\nStealing: ", "\nWords: ", "\nMemory: ", "\nEvery result"].map {
      ("\n" + run.output).firstRange(of: $0)?.lowerBound
    }
    #expect(places.allSatisfy { $0 != nil })
    #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
  }

  @Test func aPictureIsWritten() throws {
    try withTemporaryDirectory { directory in
      let file = directory.appendingPathComponent("set.ppm")
      let run = try BuiltTool("compute", "--size", "16", "--queens", "5", "--rounds", "1", "--picture", file.path)
      #expect(run.status == 0)
      #expect(try Data(contentsOf: file).count == "P6\n16 16\n255\n".utf8.count + 16 * 16 * 3)
    }
  }
}
