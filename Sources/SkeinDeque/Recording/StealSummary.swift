/// The records of all workers together, and how evenly they shared the work.
///
/// Print it: its description is a table with a line per worker.
public struct StealSummary: Sendable, Hashable {
  /// The workers' individual records, in the order given.
  public let workers: [StealRecorder]

  /// Creates a summary of the records of some workers.
  public init(_ workers: some Sequence<StealRecorder>) { self.workers = Array(workers) }

  /// The number of tasks run in all.
  public var tasksRun: Int { workers.reduce(0) { $0 + $1.tasksRun } }
  /// The number of tasks that workers popped from their own deques.
  public var ownTasks: Int { workers.reduce(0) { $0 + $1.ownTasks } }
  /// The number of tasks stolen from other workers.
  public var stolen: Int { workers.reduce(0) { $0 + $1.stolen } }
  /// The number of tasks taken from injection queues.
  public var injected: Int { workers.reduce(0) { $0 + $1.injected } }
  /// The number of attempts that lost a race, at workers and injection queues.
  public var retries: Int { workers.reduce(0) { $0 + $1.retries } }
  /// The number of attempts that found nothing, or too little, at workers and injection queues.
  public var empties: Int { workers.reduce(0) { $0 + $1.empties } }

  /// How evenly tasks were spread: the mean number per worker divided by the largest, from 1 / workers (one ran all) to
  /// 1 (all ran the same number); 1 if there were none.
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
