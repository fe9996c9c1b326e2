internal import Synchronization

/// The progress of a loop.
public struct LoopProgress: Sendable, Equatable {
  /// The number of positions done: elements, in a sequence of known length.
  public let completed: Int
  /// The number of all positions; nil if it is not known.
  public let total: Int?

  /// The fraction of the loop that is done, from 0 to 1; nil if it is not known.
  public var fractionCompleted: Double? {
    total.map { $0 == 0 ? 1 : Double(completed) / Double($0) }
  }
}

/// The receiver of a loop's reports, and their interval.
struct LoopReporting: Sendable {
  let interval: Duration
  let report: @Sendable (LoopProgress) -> Void
}

/// Counts the completed positions of one loop, batch by batch, and reports them now and then.
@usableFromInline
final class LoopReporter: Sendable {
  private let reporting: LoopReporting
  private let unitSize: Int
  /// The number of positions of the loop; not positive while it is not known.
  private let total = Atomic<Int>(0)
  private let completed = Atomic<Int>(0)
  /// When the next report is due; also locks out other reporters. (The standard library's lock, even in tests that
  /// explore this module's own.)
  private let due: Synchronization.Mutex<ContinuousClock.Instant>

  init(_ reporting: LoopReporting, unitSize: Int) {
    self.reporting = reporting
    self.unitSize = unitSize
    due = Synchronization.Mutex(.now + reporting.interval)
  }

  /// Sets the number of positions of the loop, unless it is known.
  @usableFromInline
  func expect(_ count: Int) {
    // Relaxed: written before the first batch is passed to another thread.
    _ = total.compareExchange(expected: 0, desired: count, ordering: .relaxed)
  }

  /// Counts a batch, and makes a report if one is due and no other thread makes one. The last batch is always reported.
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
  /// Creates a reporter for a loop that is to report.
  @usableFromInline
  func makeReporter(unitSize: Int) -> LoopReporter? {
    limits?.values.reporting.map { LoopReporter($0, unitSize: unitSize) }
  }
}

extension LoopControl {
  /// Counts a batch, for a loop that reports.
  @usableFromInline
  @inline(never)
  borrowing func reportBatch(_ units: Int) { reporter?.advance(by: units) }
}
