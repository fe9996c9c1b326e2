internal import Synchronization

/// How far a loop has come.
public struct LoopProgress: Sendable, Equatable {
  /// How many positions are done: elements, in a sequence of known length.
  public let completed: Int
  /// How many there are; nil if nobody knows.
  public let total: Int?

  /// What part of the loop is done, from 0 to 1; nil if nobody knows.
  public var fractionCompleted: Double? {
    total.map { $0 == 0 ? 1 : Double(completed) / Double($0) }
  }
}

/// To whom a loop reports, and how often.
struct LoopReporting: Sendable {
  let interval: Duration
  let report: @Sendable (LoopProgress) -> Void
}

/// Counts what one loop has done, batch by batch, and reports it now and then.
@usableFromInline
final class LoopReporter: Sendable {
  private let reporting: LoopReporting
  private let unitSize: Int
  /// How many positions the loop has; not positive as long as nobody knows.
  private let total = Atomic<Int>(0)
  private let completed = Atomic<Int>(0)
  /// When the next report is due; also who makes one. (The standard library's lock, also where those of this module are explored.)
  private let due: Synchronization.Mutex<ContinuousClock.Instant>

  init(_ reporting: LoopReporting, unitSize: Int) {
    self.reporting = reporting
    self.unitSize = unitSize
    due = Synchronization.Mutex(.now + reporting.interval)
  }

  /// Says how many positions the loop has, unless that is known.
  @usableFromInline
  func expect(_ count: Int) {
    // Relaxed: written before the first batch is handed to anybody.
    _ = total.compareExchange(expected: 0, desired: count, ordering: .relaxed)
  }

  /// Counts a batch, and makes a report if one is due and nobody else makes one. The last batch is always reported.
  func advance(by units: Int) {
    // Relaxed: the counts order nothing.
    let known = total.load(ordering: .relaxed)
    let done = completed.add(units * unitSize, ordering: .relaxed).newValue
    if known > 0 && done >= known {
      due.withLock { _ in report(known) }
    } else {
      _ = due.withLockIfAvailable { due in
        let now = ContinuousClock.now
        guard now >= due else { return }
        report(known)
        due = now + reporting.interval
      }
    }
  }

  private func report(_ known: Int) {
    let done = completed.load(ordering: .relaxed)
    // The last unit may be smaller than the others.
    let progress =
      known > 0 ? LoopProgress(completed: min(done, known), total: known) : LoopProgress(completed: done, total: nil)
    reporting.report(progress)
  }
}

extension LoopPlan {
  /// Counts for a loop that is to report.
  @usableFromInline
  func makeReporter(unitSize: Int) -> LoopReporter? {
    limits?.values.reporting.map { LoopReporter($0, unitSize: unitSize) }
  }
}

extension LoopControl {
  /// Counts what a batch has done, for a loop that reports.
  @usableFromInline
  @inline(never)
  borrowing func reportBatch(_ units: Int) { reporter?.advance(by: units) }
}
