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
    try demo.begin()
    demo.report.compute = demo.run {
      try ComputeCommand.report(
        threads: threads, size: ComputeCommand.defaultSize, queens: ComputeCommand.defaultQueens, rounds: 3)
    }
    demo.report.stealing = demo.run { StealingCommand.report(threads: threads, tasks: StealingCommand.defaultTasks) }
    demo.report.words = demo.run { try WordsCommand.report(path: nil, threads: threads, top: 10) }
    demo.report.memory = demo.run {
      try MemoryCommand.report(
        policies: [.ownWork, .innerWork, .anyWork], threads: threads, iterations: 10_000, otherIterations: 2500,
        megabytes: 8)
    }
    if output.json {
      try printOutput(jsonText(demo.report))
    }
    if demo.hasFailed {
      throw ExitCode.failure
    }
    if !output.json {
      try printOutput(demo.report.conclusion)
    }
  }
}

/// What the parts found out; a part that could not be run is missing.
struct DemoReport: Codable {
  var compute: ComputeReport?
  var stealing: StealingReport?
  var words: WordsReport?
  var memory: MemoryReport?

  /// The parts whose times are not to be trusted.
  var busyParts: [String] {
    let machines = [
      ("compute", compute?.machine), ("stealing", stealing?.machine), ("words", words?.machine),
      ("memory", memory?.machine),
    ]
    return machines.filter { $0.1?.isBusy == true }.map(\.0)
  }

  /// What the demonstration ends with if every result is right.
  var conclusion: String {
    let checked = "Every result of the four parts was checked and is right."
    if busyParts.isEmpty { return checked }
    return wrapped(
      "\(checked) But the machine was busy with other programs (\(busyParts.joined(separator: ", "))): do not trust those times.",
      width: TextTable.width
    ).joined(separator: "\n")
  }
}

/// The parts run one after another, each whatever became of those before it.
private struct Demo {
  let isJSON: Bool
  var report = DemoReport()
  private(set) var hasFailed = false

  init(isJSON: Bool) {
    self.isJSON = isJSON
  }

  /// Tells at once if the times will mean little: whoever reads it can stop here and come back later.
  func begin() throws {
    guard !isJSON else { return }
    #if DEBUG
      try tell("Built for debugging: for times that mean something, build with '-c release'.")
    #endif
    if let warning = Self.warning(ProcessorProbe.processors) { try tell(warning) }
  }

  private func tell(_ text: String) throws {
    try printOutput(wrapped(text, width: TextTable.width).joined(separator: "\n") + "\n")
  }

  private static func warning(_ processors: Int) -> String? {
    let state = MachineState(processors: processors, available: ProcessorProbe.available(on: processors, seconds: 0.2))
    guard state.isBusy else { return nil }
    let load = ProcessorProbe.loadAverage.map { ", and the load average is \(fixed($0, digits: 1))" } ?? ""
    return """
      BUSY: this process can have only \(fixed(state.available * 100, digits: 0)) % of \(counted(processors, "processor")) now\(load). The \
      results below will be right, but do not trust the times.
      """
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
