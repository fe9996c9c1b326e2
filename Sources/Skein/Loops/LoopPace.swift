public import Synchronization

/// The pace of one worker in a loop: how many units it runs before it checks again, and how long the rest may take.
///
/// The clock is read at the end of a batch, and only if the rest is not known to be short: a reading costs as much as a
/// dozen cheap elements. The duration of a batch is measured from the worker's last reading, which is that of the
/// previous batch; at the first batch it may be older. In that case the batch seems longer than it was, and the next
/// one begins with a fresh reading.
///
/// SAFETY: The pool outlives its workers' loops.
@safe
@usableFromInline
struct LoopPace {
  /// The size of the next batch. The first has one element, or the minimum batch; later ones grow while they are short.
  @usableFromInline var batch: Int
  /// The last batch, and an upper bound for its duration.
  @usableFromInline var lastCount = 0
  @usableFromInline var lastTicks: UInt64 = 0
  /// Whether the first batch is run before anything is offered; see `ShortLoops`.
  @usableFromInline var offersLater = false
  /// Whether the last reading of the clock may be long ago: if the first batch seems long, that means nothing.
  @usableFromInline var isTrusting = false

  /// The word at which a batch looks.
  @usableFromInline var attention: UnsafePointer<Atomic<Int>>

  @inlinable
  init<Failure>(_ control: borrowing LoopControl<Failure>, on worker: WorkerReference) {
    unsafe attention = worker.attention
    batch =
      worker.isUndisturbed(in: control)
      ? control.maximumBatch : min(control.minimumBatch, control.maximumBatch)
  }

  /// The target duration of a batch, in ticks: long compared with the check at its end, short compared with a hungry
  /// worker's patience.
  @inlinable static var aim: UInt64 { 20_000 }

  /// Whether the length of a batch is known.
  @inlinable var isMeasured: Bool { lastCount > 0 }
  @inlinable var mayOffer: Bool { isMeasured || !offersLater }

  /// Returns how many of `rest` units to run before the next check: all of them if they are known to be short, but not
  /// so many that one cheap unit would decide for hundreds.
  @inlinable
  @inline(__always)
  func next<Failure>(of rest: Int, _ control: borrowing LoopControl<Failure>) -> Int {
    if rest <= batch { return rest }
    return rest / 2 <= batch && rest <= control.maximumBatch && isShort(rest) ? rest : batch
  }

  /// Adapts to a batch.
  @inlinable
  @inline(__always)
  mutating func note<Failure>(_ count: Int, _ elapsed: UInt64, _ control: borrowing LoopControl<Failure>) {
    let isShort = elapsed < LoopPace.aim / 16
    if _slowPath(isTrusting && !isMeasured && !isShort) {
      isTrusting = false
      return
    }
    lastCount = count
    lastTicks = elapsed
    var next = batch
    if isShort {
      next = batch &* 8
    } else if elapsed < LoopPace.aim / 2 {
      next = batch &* 2
    } else if elapsed > LoopPace.aim * 2 {
      next = batch / 2
    }
    // A batch that ended early shows how many units are enough.
    if count < batch { next = min(next, count &* Int(LoopPace.aim) / max(1, Int(truncatingIfNeeded: elapsed))) }
    batch = min(max(next, control.minimumBatch), control.maximumBatch, 1 << 40)
  }

  /// Returns whether `rest` units are known to be too short to be worth giving away, if they are like the last ones.
  @inlinable
  @inline(__always)
  func isShort(_ rest: Int, below limit: UInt64 = WorkerReference.worthGiving) -> Bool {
    guard isMeasured else { return false }
    let (product, isHuge) = lastTicks.multipliedReportingOverflow(by: UInt64(bitPattern: Int64(rest)))
    return !isHuge && product < limit &* UInt64(bitPattern: Int64(lastCount))  // a batch has at most 2⁴⁰ units
  }
}
