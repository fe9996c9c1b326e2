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
  /// Whose turn it is. No report is made under this lock: it may make parallel calls, and a thread that waits for them may come to report
  /// another batch. (The standard library's lock, also where those of this module are explored.)
  private let turns: Synchronization.Mutex<Turns>

  private struct Turns {
    /// When the next report is due.
    var due: ContinuousClock.Instant
    /// Whether somebody makes one.
    var isReporting = false
    /// Whether he is to make one more, since the last batch has been done meanwhile.
    var isLastMissing = false

    /// Begins a report if it is due, or the last one, unless somebody makes one.
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

  /// Says how many positions the loop has, unless that is known.
  @usableFromInline
  func expect(_ count: Int) {
    // Relaxed: written before the first batch is handed to anybody.
    _ = total.compareExchange(expected: 0, desired: count, ordering: .relaxed)
  }

  /// Counts a batch, and makes a report if one is due and nobody else makes one. The last batch is always reported, before its loop ends: if not
  /// here then by whoever makes a report, who is inside a piece of the loop.
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
