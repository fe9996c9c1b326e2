internal import Synchronization

/// The progress of a loop.
public struct LoopProgress: Sendable, Equatable {
  /// The number of positions done: elements, in a sequence of known length; places in its table, empty ones too, of a
  /// set or a dictionary; code units of a text.
  public let completed: Int
  /// The number of all positions; nil while it is not known.
  public let total: Int?

  /// The fraction of the loop that is done, from 0 to 1; nil while it is not known.
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
  /// Whether the units of the loop are growing ones, of at most `unitSize` positions.
  private let hasGrowingUnits = Atomic<Bool>(false)
  /// The number of positions of the loop, as far as is known.
  private let positions = Atomic<Int>(0)
  /// Whether there are no more.
  private let isTotalKnown = Atomic<Bool>(false)
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
    /// Whether the last report has been begun, or is missing.
    var isLastDue = false
    /// Whether a report has said that all is done. One may say so that was begun before the last batch was counted.
    var isAllReported = false

    /// Begins a report if one is due, or it is the last one, unless another thread is making one.
    mutating func begin(isLast: Bool, _ interval: Duration) -> Bool {
      isLastDue = isLastDue || isLast
      if isAllReported { return false }
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

    /// Ends a report; returns whether one more is to be made.
    mutating func end(saysAll: Bool) -> Bool {
      isAllReported = isAllReported || saysAll
      isReporting = isLastMissing && !isAllReported
      isLastMissing = false
      return isReporting
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
    // Otherwise relaxed: written before the first of these positions is passed to another thread.
    if isTotalKnown.load(ordering: .relaxed) { return }
    positions.store(count, ordering: .relaxed)
    isTotalKnown.store(true, ordering: .releasing)  // who sees this must see the number
  }

  /// Notes that units are growing ones: see `startOfGrowingUnit`. Called before the first batch.
  @usableFromInline
  func expectGrowingUnits() { hasGrowingUnits.store(true, ordering: .relaxed) }

  /// Sets the number of positions that have been supplied, and whether there are no more.
  @usableFromInline
  func noteSupply(_ count: Int, isAll: Bool) {
    if isAll { expect(count) } else { positions.store(count, ordering: .relaxed) }
  }

  /// Makes the last report of a loop that has come to its end, unless a batch has made it: that of a loop without
  /// positions, or whose total became known after its last batch. If not everything has been done, makes none.
  @usableFromInline
  func finish() {
    // No batch is running any more.
    guard isTotalKnown.load(ordering: .relaxed),
      completed.load(ordering: .relaxed) >= positions.load(ordering: .relaxed)
    else { return }
    if turns.withLock({ !$0.isLastDue }) { advance(0..<0) }
  }

  /// Counts a batch of units, and makes a report if one is due and no other thread makes one. The last batch is always reported
  /// before its loop ends: if not here, then by the thread that is making a report, which is inside a piece of the loop.
  @usableFromInline
  func advance(_ units: Range<Int>) {
    // Relaxed: the counts order nothing.
    let count =
      hasGrowingUnits.load(ordering: .relaxed)
      ? startOfGrowingUnit(units.upperBound, upTo: unitSize) - startOfGrowingUnit(units.lowerBound, upTo: unitSize)
      : units.count * unitSize
    let done = completed.add(count, ordering: .relaxed).newValue
    let isLast = isTotalKnown.load(ordering: .acquiring) && done >= positions.load(ordering: .relaxed)
    let interval = reporting.interval
    let mayReport =
      isLast
      ? turns.withLock { $0.begin(isLast: true, interval) }
      : turns.withLockIfAvailable { $0.begin(isLast: false, interval) } ?? false
    guard mayReport else { return }
    var isMissing = true
    while isMissing {
      let saysAll = report()
      isMissing = turns.withLock { $0.end(saysAll: saysAll) }
    }
  }

  /// - Returns: Whether the report says that all is done.
  private func report() -> Bool {
    let isTotalKnown = isTotalKnown.load(ordering: .acquiring)
    let positions = positions.load(ordering: .relaxed)
    // The last unit may be smaller than the others.
    let done = min(completed.load(ordering: .relaxed), positions)
    reporting.report(LoopProgress(completed: done, total: isTotalKnown ? positions : nil))
    return isTotalKnown && done == positions
  }
}

extension LoopPlan {
  /// This plan, for a loop that reports its progress.
  @usableFromInline
  func reporting(every interval: Duration, to report: @escaping @Sendable (LoopProgress) -> Void) -> LoopPlan {
    require(interval >= .zero, "the time between two reports is not negative, as \(interval) is")
    var plan = self
    plan.limit { $0.reporting = LoopReporting(interval: interval, report: report) }
    return plan
  }

  /// Creates a reporter for a loop that is to report.
  @usableFromInline
  func makeReporter(unitSize: Int) -> LoopReporter? {
    limits?.values.reporting.map { LoopReporter($0, unitSize: unitSize) }
  }

  /// Makes the only report of a loop without positions, where it need not be run.
  @usableFromInline
  @inline(never)
  func reportNothing() {
    guard let reporter = makeReporter(unitSize: 1) else { return }
    reporter.expect(0)
    reporter.finish()
  }
}

extension LoopControl {
  /// Counts a batch, for a loop that reports: unless the loop has ended in it, so that it was not done as a whole, or
  /// before it.
  @usableFromInline
  @inline(never)
  borrowing func reportBatch(_ units: Range<Int>) {
    // Relaxed: what ends the loop in this batch has been done by this thread.
    if end.load(ordering: .relaxed) > units.upperBound { reporter?.advance(units) }
  }
}

/// Returns the first position of a unit where units grow, since the number of positions is not known: 32 units of one
/// position, 32 of two, 32 of four, until they have `size`, a power of two.
@usableFromInline
func startOfGrowingUnit(_ unit: Int, upTo size: Int) -> Int {
  let level = levelOfGrowingUnit(unit, upTo: size)
  return 32 * ((1 << level) - 1) + (unit - 32 * level) << level
}

/// The logarithm of the number of positions in such a unit.
@usableFromInline
func levelOfGrowingUnit(_ unit: Int, upTo size: Int) -> Int { min(unit / 32, size.trailingZeroBitCount) }
