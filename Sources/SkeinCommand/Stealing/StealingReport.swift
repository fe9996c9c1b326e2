/// What every thread did, for each strategy on each workload.
struct StealingReport: Report {
  var threads: Int
  var tasks: Int
  var runs: [StealingRun]
  var machine: MachineState?

  var failures: [String] { runs.compactMap(\.failure) }

  var text: String { threadTable.text + "\n\n" + runTable.text }

  private var threadTable: TextTable {
    var table = TextTable(
      """
      Stealing: who ran what when \(counted(threads, "thread")) shared \(counted(tasks, "task")) by work-stealing \
      deques, for each way in which a thread without tasks asks the others.
      """,
      keys: 3,
      columns: [
        .left("work"), .left("asks the\nothers"), .right("thread"), .right("own"), .right("stolen"),
        .right("injected"), .right("retries"), .right("share"),
      ])
    for run in runs {
      for (index, thread) in run.threads.enumerated() {
        let isFirst = index == 0
        table.append([
          isFirst ? run.shape.rawValue : "", isFirst ? run.strategy.description : "", "\(index)", grouped(thread.own),
          grouped(thread.stolen), grouped(thread.injected), grouped(thread.retries),
          fixed(run.share(of: index) * 100, digits: 1) + " %",
        ])
      }
    }
    table.note(
      """
      Own are the tasks from the thread's own deque, the rest of a batch included; a batch counts as one stolen or injected. \
      Share is of the arithmetic, not of the number of tasks.
      """)
    table.note(
      "Skewed: each of 64 trees of tasks is half the size of the one before, and one task in 64 costs 50 times.")
    return table
  }

  private var runTable: TextTable {
    var table = TextTable(
      "How long that took, against the same tasks in a plain loop.", keys: 2,
      columns: [
        .left("work"), .left("asks the\nothers"), .left("takes"), .right("time"), .right("speedup"),
        .right("busiest\nthread"),
        .left("result"),
      ])
    for (index, run) in runs.enumerated() {
      table.append([
        index > 0 && runs[index - 1].shape == run.shape ? "" : run.shape.rawValue, run.strategy.description,
        run.strategy.amount, duration(run.seconds), ratio(run.sequentialSeconds, over: run.seconds),
        fixed(run.unevenness, digits: 2), verdict(run.failure == nil),
      ])
    }
    table.note("The busiest thread did so many times an even share of the arithmetic.")
    table.note("Right: every task ran exactly once, and the results add up to those of the plain loop.")
    table.note(machine)
    return table
  }
}

/// One workload run under one strategy.
struct StealingRun: Codable {
  var shape: Workload.Shape
  var strategy: Strategy
  var threads: [ThreadSummary]
  var seconds: Double
  var sequentialSeconds: Double
  /// How often a task was not run at all, or run again.
  var missing: Int
  var repeated: Int
  var isSumRight: Bool

  struct ThreadSummary: Codable {
    var run, own, stolen, injected, retries, cost: Int
  }

  /// The part of the arithmetic that one thread did.
  func share(of index: Int) -> Double {
    Double(threads[index].cost) / Double(max(threads.reduce(0) { $0 + $1.cost }, 1))
  }

  /// How many times an even share the busiest thread did: 1 is perfectly even.
  var unevenness: Double {
    threads.indices.map { share(of: $0) * Double(threads.count) }.max() ?? 1
  }

  var failure: String? {
    let name = "stealing, \(shape.rawValue), \(strategy.description), \(strategy.amount)"
    if missing > 0 || repeated > 0 {
      return "\(name): \(missing) tasks were not run and \(repeated) were run again"
    }
    return isSumRight ? nil : "\(name): the results do not add up to those of the plain loop"
  }
}
