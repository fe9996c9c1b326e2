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
  /// Whose turn it is to report. No report is made under this lock: it may make parallel calls, and a thread that waits
  /// for them may come to report another batch. (The standard library's lock, even in tests that explore this module's own.)
  private let turns: Synchronization.Mutex<Turns>

  private struct Turns {
    /// When the next report is due.
    var due: ContinuousClock.Instant
    /// Whether some thread is making one.
    var isReporting = false
    /// Whether that thread must make one more, because the last batch has ended meanwhile.
    var isLastMissing = false

    /// Begins a report if one is due, or it is the last one, unless another thread is making one.
    mutating func begin(isLast: Bool, _ interval: Duration) -> Bool {
      if isReporting {
        isLastMissing = isLastMissing || isLast
        return false
      }
      let now = ContinuousClock.now
      guard isLast || now >= due else { return false }
      due = now + interval
      isReporting = true
      return true
    }
  }

  init(_ reporting: LoopReporting, unitSize: Int) {
    self.reporting = reporting
    self.unitSize = unitSize
    turns = Synchronization.Mutex(Turns(due: .now + reporting.interval))
  }

  /// Sets the number of positions of the loop, unless it is known.
  @usableFromInline
  func expect(_ count: Int) {
    // Relaxed: written before the first batch is passed to another thread.
    _ = total.compareExchange(expected: 0, desired: count, ordering: .relaxed)
  }

  /// Counts a batch, and makes a report if one is due and no other thread makes one. The last batch is always reported
  /// before its loop ends: if not here, then by the thread that is making a report, which is inside a piece of the loop.
  @usableFromInline
  func advance(by units: Int) {
    // Relaxed: the counts order nothing.
    let known = total.load(ordering: .relaxed)
    let done = completed.add(units * unitSize, ordering: .relaxed).newValue
    let isLast = known > 0 && done >= known
    let interval = reporting.interval
    let mayReport =
      isLast
      ? turns.withLock { $0.begin(isLast: true, interval) }
      : turns.withLockIfAvailable { $0.begin(isLast: false, interval) } ?? false
    guard mayReport else { return }
    repeat { report(known) } while isLastMissing()
  }

  /// Ends a report; says whether one more is to be made.
  private func isLastMissing() -> Bool {
    turns.withLock { turns in
      defer { turns.isLastMissing = false }
      if !turns.isLastMissing { turns.isReporting = false }
      return turns.isLastMissing
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
