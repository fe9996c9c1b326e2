/// What all workers did together, and how even it was.
///
/// Print it: its description is a table with a line per worker.
public struct StealSummary: Sendable, Hashable {
  /// The workers' own records, in the order given.
  public let workers: [StealRecorder]

  /// Sums up the records of some workers.
  public init(_ workers: some Sequence<StealRecorder>) { self.workers = Array(workers) }

  /// How many tasks were run in all.
  public var tasksRun: Int { workers.reduce(0) { $0 + $1.tasksRun } }
  /// How many of them were popped by workers from their own deques.
  public var ownTasks: Int { workers.reduce(0) { $0 + $1.ownTasks } }
  /// How many tasks were stolen from other workers.
  public var stolen: Int { workers.reduce(0) { $0 + $1.stolen } }
  /// How many tasks were taken from injection queues.
  public var injected: Int { workers.reduce(0) { $0 + $1.injected } }
  /// How many attempts lost a race, at workers and injection queues.
  public var retries: Int { workers.reduce(0) { $0 + $1.retries } }
  /// How many attempts found nothing, or too little, at workers and injection queues.
  public var empties: Int { workers.reduce(0) { $0 + $1.empties } }

  /// How evenly tasks were spread: the mean number per worker over the largest, from 1 / workers (one did all) to 1 (all the
  /// same); 1 if there were none.
  public var evenness: Double {
    let most = workers.map(\.tasksRun).max() ?? 0
    return most == 0 ? 1 : Double(tasksRun) / (Double(workers.count) * Double(most))
  }
}

extension StealSummary: CustomStringConvertible {
  /// A table with a line per worker, a line of totals and one on evenness.
  public var description: String {
    var lines = [row("worker", ["tasks", "own", "stolen", "injected", "retries", "empties"], from: "from")]
    for worker in workers {
      let from = worker.victims.enumerated().filter { $0.element.taken > 0 }
        .map { "\($0.offset): \($0.element.taken)" }.joined(separator: ", ")
      let numbers = [
        worker.tasksRun, worker.ownTasks, worker.stolen, worker.injected, worker.retries, worker.empties,
      ]
      lines.append(row("\(worker.worker)", numbers.map(String.init), from: from))
    }
    lines.append(row("all", [tasksRun, ownTasks, stolen, injected, retries, empties].map(String.init), from: ""))
    lines.append("evenness \(Int((evenness * 100).rounded())) %")
    return lines.joined(separator: "\n")
  }

  private func row(_ name: String, _ columns: [String], from: String) -> String {
    let line = pad(name, to: 8) + columns.map { pad($0, to: 10) }.joined()
    return from.isEmpty ? line : line + "  " + from
  }

  private func pad(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}
