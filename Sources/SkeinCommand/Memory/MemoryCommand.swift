import ArgumentParser
import Foundation

struct MemoryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory",
    abstract: "How many iterations of a loop are alive at once under each wait policy.",
    // By hand, because it would be one line.
    usage: """
      skein memory [--threads <threads>] [--iterations <iterations>]
               [--megabytes <megabytes>] [--policy <policy>] [--json]
      """,
    discussion: """
      Runs a loop whose every iteration fills a vector of doubles and waits for a pool of one thread to sum it, and counts \
      the iterations that are begun and unfinished. Every row runs in a process of its own. The row for .anyWork is made \
      small enough that it cannot exhaust the machine.
      """)

  @OptionGroup var threadOption: ThreadOption
  @OptionGroup var output: OutputOption

  @Option(parsing: .unconditional, help: "Iterations of the loop.")
  var iterations = 10_000

  @Option(parsing: .unconditional, help: "Size of each vector in mebibytes.")
  var megabytes = 8

  @Option(
    help: ArgumentHelp(
      "Run only this policy: \(Policy.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "policy"))
  var policy: Policy?

  func validate() throws {
    try require(iterations, in: MemoryPlan.iterationBounds, for: "--iterations")
    try require(megabytes, in: MemoryPlan.megabyteBounds, for: "--megabytes")
  }

  func run() throws {
    let policies = policy.map { [$0] } ?? [.ownWork, .innerWork, .anyWork]
    try output.show(
      Self.report(
        policies: policies, threads: threadOption.count, iterations: iterations, otherIterations: iterations,
        megabytes: megabytes))
  }

  static func report(
    policies: [Policy], threads: Int, iterations: Int, otherIterations: Int, megabytes: Int
  ) throws -> MemoryReport {
    let plan = MemoryPlan(
      policies: policies, threads: threads, iterations: iterations, otherIterations: otherIterations,
      megabytes: megabytes, availableBytes: ProcessMemory.availableBytes)
    let rows = try plan.rows()
    let watch = MachineWatch()
    let results = try rows.map(runInChild)
    return MemoryReport(
      asked: .init(threads: threads, iterations: iterations, vectorBytes: megabytes << 20),
      availableBytes: plan.availableBytes, results: results, machine: watch.state)
  }
}

/// One row, in the process that a `memory` command started for it; prints its result as JSON.
struct MemoryRowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "memory-row", abstract: "Runs one row of the memory part.", shouldDisplay: false)

  @Argument(help: "The row, as JSON.")
  var row: String

  func run() throws {
    guard let row = try? JSONDecoder().decode(MemoryRow.self, from: Data(row.utf8)) else {
      throw ValidationError("the row is not what a memory command passes on")
    }
    endWithParent()
    let title = ".\(row.policy.rawValue), \(row.splitting.description)"
    let initialResidentBytes = ProcessMemory.peakResidentBytes
    var result = try withProgress(title, total: row.iterations) { try runReferenceProgram(row, progress: $0) }
    result.initialResidentBytes = initialResidentBytes
    result.peakResidentBytes = ProcessMemory.peakResidentBytes
    try printOutput(jsonText(result))
  }
}
