/// The same computations under several schedulers, side by side.
struct ComputeReport: Report {
  var threads: Int
  var rounds: Int
  var comparisons: [Comparison]
  var picture: String?
  var machine: MachineState?

  var failures: [String] {
    comparisons.flatMap { comparison in
      comparison.runs.filter { !$0.isRight }.map {
        "compute, \(comparison.name): the answer of \($0.scheduler.rawValue) differs from the sequential one"
      }
    }
  }

  var text: String {
    let schedulers = Scheduler.allCases
    var table = TextTable(
      """
      Compute: the median time of \(counted(rounds, "run")) in a plain loop, in Skein on \(counted(threads, "thread")), and in Dispatch and a \
      task group, which always use every core; beside each its speedup over the plain loop.
      """,
      columns: [.left("computation")]
        + schedulers.flatMap { scheduler in
          let title = scheduler.title.replacing(" ", with: "\n")
          return scheduler == .sequential ? [.right(title)] : [TextTable.Column.right(title), .joined("")]
        } + [.left("result")])
    for comparison in comparisons {
      let sequential = comparison.seconds(of: .sequential)
      let cells = comparison.runs.flatMap { run in
        run.scheduler == .sequential
          ? [duration(run.seconds)] : [duration(run.seconds), ratio(sequential, over: run.seconds)]
      }
      let isRight = comparison.runs.allSatisfy(\.isRight)
      table.append([comparison.name] + cells + [verdict(isRight)])
    }
    for comparison in comparisons {
      table.note("\(comparison.name): \(comparison.detail).")
    }
    table.note("Right: every answer of every run equals that of the plain loop.")
    if let picture {
      table.note("The picture of the Mandelbrot set is in \(shortenedInTheMiddle(picture, to: 70)).")
    }
    table.note(machine)
    return table.text
  }
}

/// One computation under every scheduler.
struct Comparison: Codable {
  var name: String
  var detail: String
  var runs: [Run]

  struct Run: Codable {
    var scheduler: Scheduler
    var seconds: Double
    var isRight: Bool
  }

  func seconds(of scheduler: Scheduler) -> Double {
    runs.first { $0.scheduler == scheduler }?.seconds ?? .nan
  }
}
