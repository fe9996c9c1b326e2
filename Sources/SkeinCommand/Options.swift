import ArgumentParser
import Foundation
import Skein

/// `--threads`, with the same bounds everywhere.
struct ThreadOption: ParsableArguments {
  static let bounds = 1...1024

  @Option(
    parsing: .unconditional,
    help: "Threads to use, \(bounds.lowerBound) to \(bounds.upperBound) (default: as many as the library chooses).")
  var threads: Int?

  func validate() throws {
    if let threads {
      try require(threads, in: Self.bounds, for: "--threads")
    }
  }

  var count: Int {
    get throws { min(try threads ?? ThreadPool.defaultThreadCount(), Self.bounds.upperBound) }
  }
}

/// `--json`, and the choice it makes.
struct OutputOption: ParsableArguments {
  @Flag(help: "Print the result as JSON on standard output, and nothing else there.")
  var json = false

  /// Prints a report in the form that was asked for, then fails if something in it is not as it must be.
  func show(_ report: some Report) throws {
    try printOutput(json ? jsonText(report) : report.text)
    if report.hasFailed {
      report.reportFailures()
      throw ExitCode.failure
    }
  }
}

/// What one part of the demonstration found out.
protocol Report: Codable, Sendable {
  /// The report as tables for a reader.
  var text: String { get }
  /// One line for every result that is not what it must be; empty when all is well.
  var failures: [String] { get }
}

extension Report {
  var hasFailed: Bool { !failures.isEmpty }

  /// Tells of every failure in one line on standard error.
  func reportFailures() {
    failures.forEach(reportError)
  }
}

/// Throws a one-line error unless `value` is within `bounds`.
func require(_ value: Int, in bounds: ClosedRange<Int>, for name: String) throws {
  guard bounds.contains(value) else {
    throw ValidationError("\(name) must be \(bounds.lowerBound) to \(bounds.upperBound), not \(value)")
  }
}
