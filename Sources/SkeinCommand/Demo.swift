import ArgumentParser

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Runs all parts on what ships with the package, in about a minute.",
    discussion:
      "Each part is also a command of its own, with more to choose. The exit status is 1 if any result is wrong.")

  @OptionGroup var threadOption: ThreadOption
  @OptionGroup var output: OutputOption

  func run() throws {
    let threads = try threadOption.count
    var demo = Demo(isJSON: output.json)
    demo.report.memory = demo.run {
      try MemoryCommand.report(
        policies: [.ownWork, .innerWork, .anyWork], threads: threads, iterations: 10_000, otherIterations: 2500,
        megabytes: 8)
    }
    demo.report.stealing = demo.run { StealingCommand.report(threads: threads, tasks: StealingCommand.defaultTasks) }
    demo.report.words = demo.run { try WordsCommand.report(path: nil, threads: threads, top: 10) }
    demo.report.compute = demo.run {
      try ComputeCommand.report(
        threads: threads, size: ComputeCommand.defaultSize, queens: ComputeCommand.defaultQueens, rounds: 3)
    }
    if output.json {
      try printOutput(jsonText(demo.report))
    }
    if demo.hasFailed {
      throw ExitCode.failure
    }
    if !output.json {
      try printOutput("Every result of the four parts was checked and is right.")
    }
  }
}

/// What the parts found out; a part that could not be run is missing.
struct DemoReport: Codable {
  var memory: MemoryReport?
  var stealing: StealingReport?
  var words: WordsReport?
  var compute: ComputeReport?
}

/// The parts run one after another, each whatever became of those before it.
private struct Demo {
  let isJSON: Bool
  var report = DemoReport()
  private(set) var hasFailed = false

  init(isJSON: Bool) {
    self.isJSON = isJSON
  }

  mutating func run<Part: Report>(_ part: () throws -> Part) -> Part? {
    do {
      let report = try part()
      if !isJSON { try printOutput(report.text + "\n") }
      report.reportFailures()
      hasFailed = hasFailed || report.hasFailed
      return report
    } catch {
      if !(error is ExitCode) { reportError("\(error)") }
      hasFailed = true
      return nil
    }
  }
}
