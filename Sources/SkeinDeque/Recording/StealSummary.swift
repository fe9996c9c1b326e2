/// What all workers did together, and how even it was.
public struct StealSummary: Sendable, Hashable {
  /// The workers' own records, in the order given.
  public let workers: [StealRecorder]

  /// Sums up the records of some workers.
  public init(_ workers: some Sequence<StealRecorder>) { self.workers = Array(workers) }

  /// How many tasks were run in all.
  public var tasksRun: Int { workers.reduce(0) { $0 + $1.tasksRun } }
  /// How many tasks were stolen from other workers.
  public var stolen: Int { workers.reduce(0) { $0 + $1.stolen } }
  /// How many tasks were taken from injection queues.
  public var injected: Int { workers.reduce(0) { $0 + $1.injected } }
  /// How many attempts lost a race, at workers and injection queues.
  public var retries: Int { workers.reduce(0) { $0 + $1.retries + $1.injectionRetries } }
  /// How many attempts at workers found nothing, or too little.
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
    var lines = [row("worker", ["tasks", "stolen", "injected", "retries", "empties", "from"])]
    for worker in workers {
      let from = worker.victims.enumerated().filter { $0.element.stolen > 0 }
        .map { "\($0.offset): \($0.element.stolen)" }.joined(separator: ", ")
      lines.append(
        row(
          "\(worker.worker)",
          [worker.tasksRun, worker.stolen, worker.injected, worker.retries + worker.injectionRetries, worker.empties]
            .map(String.init) + [from]))
    }
    lines.append(row("all", [tasksRun, stolen, injected, retries, empties].map(String.init) + [""]))
    lines.append("evenness \(Int((evenness * 100).rounded())) %")
    return lines.joined(separator: "\n")
  }

  private func row(_ name: String, _ columns: [String]) -> String {
    var line = pad(name, to: 8)
    for column in columns.dropLast() { line += pad(column, to: 11) }
    if let last = columns.last, !last.isEmpty { line += "  " + last }
    return line
  }

  private func pad(_ text: String, to width: Int) -> String {
    String(repeating: " ", count: max(width - text.count, 0)) + text
  }
}
