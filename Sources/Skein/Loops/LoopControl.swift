public import CSkein
public import Synchronization

/// What the pieces of one loop share: how it may be divided, and how far it still has to go.
///
/// It lies on the frame of the function that runs the loop.
@usableFromInline
struct LoopControl<Failure: Error>: ~Copyable {
  /// Batches that begin here or later need not run: an earlier element has thrown, or has decided the result. First: see `end(of:)`.
  @usableFromInline let end: Atomic<Int>
  @usableFromInline let minimumBatch: Int
  @usableFromInline let maximumBatch: Int
  /// Whether the loop ends early when the task on whose behalf it runs is cancelled: if it can say so, by an error. One that cannot
  /// throw would have to return a part of its answer.
  @inlinable var isCancellable: Bool {
    @inline(__always) get { Failure.self == (any Error).self || Failure.self == CancellationError.self }
  }
  /// How many more pieces may be open at once, if that is limited.
  @usableFromInline let permits: Atomic<Int>
  @usableFromInline let isLimited: Bool
  @usableFromInline let firstError: Mutex<(position: Int, error: Failure)?>
  /// Where in the program the loop is.
  @usableFromInline let site: UInt
  /// Counts what has been done, if the loop reports that.
  @usableFromInline let reporter: LoopReporter?

  /// - Parameter unitSize: How many elements one unit has, to turn the plan's numbers into units.
  ///
  /// Everything is initialised here, where the type of the error is known: a generic `Mutex` made elsewhere costs a look-up of its type.
  @inlinable
  @inline(__always)
  init(_ plan: LoopPlan, unitSize: Int = 1) {
    site = skein_call_site()
    minimumBatch = max(1, plan.minimumBatch / unitSize)
    maximumBatch = max(1, plan.maximumBatch / unitSize)
    isLimited = plan.maximumInFlight < .max
    permits = Atomic(plan.maximumInFlight)
    end = Atomic(.max)
    firstError = Mutex(nil)
    reporter = plan.limits == nil ? nil : plan.makeReporter(unitSize: unitSize)
  }
}

// MARK: - The end of the loop

extension LoopControl {
  /// The address of the end.
  ///
  /// SAFETY: it is the first stored property, so its address is that of the whole.
  @unsafe
  @inlinable
  @inline(__always)
  static func end(of control: UnsafePointer<Self>) -> UnsafePointer<Atomic<Int>> {
    unsafe UnsafeRawPointer(control).assumingMemoryBound(to: Atomic<Int>.self)
  }

  /// Whether a batch that begins at `position` need not run.
  @inlinable
  @inline(__always)
  borrowing func isOver(at position: Int) -> Bool {
    // Relaxed: a hint. Seen late, it costs a batch that nobody needs.
    position >= end.load(ordering: .relaxed)
  }

  /// Whether a batch that begins at `position` need not run, or shall not, for the worker's task is cancelled.
  @inlinable
  @inline(__always)
  borrowing func isOver(at position: Int, on worker: WorkerReference) -> Bool {
    isOver(at: position) || isCancellable && worker.isCancelled && cancel(at: position)
  }

  /// Ends the loop at `position`, as if the closure had thrown `CancellationError` there.
  @usableFromInline
  @inline(never)
  borrowing func cancel(at position: Int) -> Bool {
    guard let error = CancellationError() as? Failure else { return false }
    note(error, at: position)
    return true
  }

  /// Says that the batch at `position` has decided the result: no later one needs to begin.
  @usableFromInline
  borrowing func finish(after position: Int) {
    end.min(position + 1, ordering: .relaxed)
  }

  /// Says that no batch needs to begin any more, wherever it is.
  @usableFromInline
  borrowing func finishEverywhere() { end.min(0, ordering: .relaxed) }

  /// Whether no batch needs to begin any more, wherever it is: everything has come, or whatever was found is enough. An error, or a decision in
  /// order, leaves at least the first unit.
  @inlinable var isOverEverywhere: Bool {
    // Relaxed: a hint where batches begin, and what pieces are merged after has been waited for.
    borrowing get { end.load(ordering: .relaxed) == 0 }
  }

  /// Remembers an error of the batch at `position`; the one that the sequential loop would have met first is kept.
  @usableFromInline
  borrowing func note(_ error: Failure, at position: Int) {
    finish(after: position)
    firstError.withLock { first in
      if let known = first, known.position <= position { return }
      first = (position, error)
    }
  }

  /// Throws what the sequential loop would have thrown, unless that loop would have ended before.
  @inlinable
  @inline(__always)
  borrowing func throwFirst(before limit: Int = .max) throws(Failure) {
    // Relaxed: the loop is over. An error moves the end, so nothing was noted if it still stands where it began.
    if end.load(ordering: .relaxed) != .max { try throwNoted(before: limit) }
  }

  @usableFromInline
  @inline(never)
  borrowing func throwNoted(before limit: Int) throws(Failure) {
    if let (position, error) = firstError.withLock({ $0 }), position < limit { throw error }
  }
}

// MARK: - Dividing

extension LoopControl {
  /// Takes the permit that a further open piece needs.
  borrowing func takePermit() -> Bool {
    guard isLimited else { return true }
    let before = permits.subtract(1, ordering: .acquiring).oldValue  // pairs with `returnPermit`
    if before > 0 { return true }
    permits.add(1, ordering: .relaxed)
    return false
  }

  /// Takes the permit of the piece that the loop, or a block of it, begins with. No piece is open then.
  @inlinable
  borrowing func takeFirstPermit() {
    if isLimited { permits.subtract(1, ordering: .relaxed) }
  }

  /// Returns the permit of a piece that has run to its end.
  @inlinable
  borrowing func returnPermit() {
    if isLimited { permits.add(1, ordering: .releasing) }
  }
}

// MARK: - What the worker says to it

extension WorkerReference {
  /// Whether the rest of a piece should be divided now: what this worker has already offered is not enough, and the rest is not known
  /// to be short. Takes the permit that the new piece needs.
  @inlinable
  @inline(__always)
  func shouldDivide<Failure>(_ rest: Int, _ pace: LoopPace, _ control: borrowing LoopControl<Failure>) -> Bool {
    guard isExposureRequested else { return false }
    return rest > 1 && rest / 2 >= control.minimumBatch && pace.mayOffer && !pace.isShort(rest)
      && isOfferWanted(isSoonOver: pace.isShort(rest, below: WorkerReference.worthWaking))
      && takePermit(control)
  }

  @usableFromInline
  @inline(never)
  func takePermit<Failure>(_ control: borrowing LoopControl<Failure>) -> Bool {
    guard control.takePermit() else { return false }
    state.counters.splits.add()
    return true
  }

  /// Whether a loop on this worker has nothing to look up for: nobody can get hungry, it does not end early, and it does not report.
  @inlinable
  @inline(__always)
  func isUndisturbed<Failure>(in control: borrowing LoopControl<Failure>) -> Bool {
    unsafe pointer.pointee.isAlone && (!control.isCancellable || pointer.pointee.context == nil)
      && control.reporter == nil
  }
}
