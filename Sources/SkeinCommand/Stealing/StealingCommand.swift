import ArgumentParser

struct StealingCommand: ParsableCommand {
  static let defaultTasks = 200_000
  static let taskBounds = 1...5_000_000

  static let configuration = CommandConfiguration(
    commandName: "stealing",
    abstract: "A work-stealing scheduler made of the deque alone, and how evenly it shares.",
    discussion: """
      Threads share a set of tasks that make more tasks: each takes its own youngest, else a batch of the injected ones, \
      else of another thread. Five ways to ask the others are compared, on even and on skewed work: in order, written out \
      with the deque alone, and four strategies of the library.
      """)

  @OptionGroup var threadOption: ThreadOption
  @OptionGroup var output: OutputOption

  @Option(parsing: .unconditional, help: "Tasks to run in each of the runs.")
  var tasks = Self.defaultTasks

  func validate() throws {
    try require(tasks, in: Self.taskBounds, for: "--tasks")
  }

  func run() throws {
    try output.show(Self.report(threads: threadOption.count, tasks: tasks))
  }

  static func report(threads: Int, tasks: Int) -> StealingReport {
    let shapes = Workload.Shape.allCases
    let steps = shapes.count * (Strategy.allCases.count + 1)
    let watch = MachineWatch()
    let runs = withProgress("stealing", total: steps) { bar in
      shapes.flatMap { shape in
        runStrategies(Workload(shape: shape, taskCount: tasks), threads: threads) { bar.advance() }
      }
    }
    return StealingReport(threads: threads, tasks: tasks, runs: runs, machine: watch.state)
  }
}
