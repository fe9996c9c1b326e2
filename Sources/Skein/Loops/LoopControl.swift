public import CSkein
public import Synchronization

/// The state that the pieces of one loop share: how it may be divided, and how far it still has to go.
///
/// It is on the frame of the function that runs the loop.
@usableFromInline
struct LoopControl<Failure: Error>: ~Copyable {
  /// Batches that begin here or later need not run: an earlier element has thrown, or has decided the result. The first
  /// property: see `end(of:)`.
  @usableFromInline let end: Atomic<Int>
  @usableFromInline let minimumBatch: Int
  @usableFromInline let maximumBatch: Int
  /// Whether the loop ends early when the task on whose behalf it runs is cancelled: only if it can throw an error that
  /// says so. A loop that cannot throw would have to return a partial result.
  @inlinable var isCancellable: Bool {
    @inline(__always) get {
      // First, since the optimiser knows the answer. It does not know that of the others, where it looks up the types.
      if Failure.self == Never.self { return false }
      return Failure.self == (any Error).self || Failure.self == CancellationError.self
    }
  }
  /// How many more pieces may be open at once, if that is limited.
  @usableFromInline let permits: Atomic<Int>
  @usableFromInline let isLimited: Bool
  @usableFromInline let firstError: Mutex<(position: Int, error: Failure)?>
  /// The place of the loop in the program.
  @usableFromInline let site: UInt
  /// Counts completed positions, if the loop reports its progress.
  @usableFromInline let reporter: LoopReporter?

  /// - Parameter unitSize: The number of elements in a unit, to convert the plan's numbers into units.
  ///
  /// Everything is initialised here, where the type of the error is known: a generic `Mutex` made elsewhere costs a
  /// look-up of its type.
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
  /// SAFETY: it is the first stored property, so its address is that of the whole structure.
  @unsafe
  @inlinable
  @inline(__always)
  static func end(of control: UnsafePointer<Self>) -> UnsafePointer<Atomic<Int>> {
    unsafe UnsafeRawPointer(control).assumingMemoryBound(to: Atomic<Int>.self)
  }

  /// Returns whether a batch that begins at `position` need not run.
  @inlinable
  @inline(__always)
  borrowing func isOver(at position: Int) -> Bool {
    // Relaxed: a hint. If it is seen late, a batch is run in vain.
    position >= end.load(ordering: .relaxed)
  }

  /// Returns whether a batch that begins at `position` need not run, or must not because the worker's task is
  /// cancelled.
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

  /// Notes that the batch at `position` has decided the result: no later one needs to begin.
  @usableFromInline
  borrowing func finish(after position: Int) {
    end.min(position + 1, ordering: .relaxed)
  }

  /// Notes that no batch needs to begin any more, at any position.
  @usableFromInline
  borrowing func finishEverywhere() { end.min(0, ordering: .relaxed) }

  /// Whether no batch needs to begin any more, at any position: everything has been visited, or the result suffices. An
  /// error, or a decision in order, leaves at least the first unit.
  @inlinable var isOverEverywhere: Bool {
    // Relaxed: a hint for beginning batches; merging pieces comes after waiting for them.
    borrowing get { end.load(ordering: .relaxed) == 0 }
  }

  /// Notes an error of the batch at `position`; the one that the sequential loop would have met first is kept.
  @usableFromInline
  borrowing func note(_ error: Failure, at position: Int) {
    finish(after: position)
    firstError.withLock { first in
      if let known = first, known.position <= position { return }
      first = (position, error)
    }
  }

  /// Throws the error that the sequential loop would have thrown, unless that loop would have ended before it.
  @inlinable
  @inline(__always)
  borrowing func throwFirst(before limit: Int = .max) throws(Failure) {
    // Relaxed: the loop is over. An error moves the end, so none was noted if it has its initial value.
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
  /// Takes the permit for a further open piece.
  borrowing func takePermit() -> Bool {
    guard isLimited else { return true }
    let before = permits.subtract(1, ordering: .acquiring).oldValue  // pairs with `returnPermit`
    if before > 0 { return true }
    permits.add(1, ordering: .relaxed)
    return false
  }

  /// Takes the permit for the initial piece of the loop, or of a block of it. No piece is open then.
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
  /// Returns whether the rest of a piece should be divided now: what this worker has already offered is not enough, and
  /// the rest is not known to be short. Takes the permit for the new piece.
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

  /// Returns whether a loop on this worker never needs to check anything between batches: no worker can get hungry, it
  /// does not end early, and it does not report.
  @inlinable
  @inline(__always)
  func isUndisturbed<Failure>(in control: borrowing LoopControl<Failure>) -> Bool {
    unsafe pointer.pointee.isAlone && (!control.isCancellable || pointer.pointee.context == nil)
      && control.reporter == nil
  }
}
