public import Synchronization

/// Ends a batch before its time if its elements turn out longer than those before them, so that the rest can be divided.
///
/// How long a batch may take is guessed from the last one. The guess can be wrong by any factor, and a batch that runs from elements of
/// a nanosecond into elements of a millisecond would keep all of them to its thread. So a batch runs in slices. After each it asks whether
/// somebody has fallen asleep or been woken since it last looked at the clock, which is one load of a word that is in the
/// cache: whoever has nothing to do falls asleep soon. Then, and in any case after about as many units as should take `patience`, it
/// looks at the clock.
///
/// SAFETY: The word belongs to the pool, which outlives its workers' batches.
@safe
@usableFromInline
struct BatchWatch {
  /// How many workers of the pool sleep for want of work.
  @usableFromInline let sleepers: UnsafePointer<Atomic<Int>>
  @usableFromInline var knownSleepers: Int
  /// When the batch began, in ticks.
  @usableFromInline let began: UInt64
  /// The first unit at which it may end.
  @usableFromInline let earliestEnd: Int
  /// The unit at which it looks at the clock in any case.
  @usableFromInline var nextLook: Int
  /// How many units should take `patience`: a slice of elements that are so cheap that the optimiser makes one loop of them.
  @usableFromInline let slice: Int
  /// A slice of elements of which each costs a call at least.
  @usableFromInline let callSlice: Int

  /// How long a batch goes on without a look at the clock, in ticks. A look costs about twenty.
  @inlinable static var patience: Int { 1024 }

  /// - Parameters:
  ///   - start: Where the batch begins.
  ///   - pace: How fast its worker was in the last one. If that is not known, the batch goes to its end.
  ///   - began: When it begins.
  @inlinable
  @inline(__always)
  init<Failure>(
    from start: Int, _ pace: LoopPace, _ control: borrowing LoopControl<Failure>, on worker: WorkerReference,
    began: UInt64
  ) {
    unsafe sleepers = worker.sleepers
    knownSleepers = unsafe sleepers.pointee.load(ordering: .relaxed)  // a hint
    self.began = began
    guard pace.isMeasured else {
      (slice, callSlice, earliestEnd, nextLook) = (.max, .max, .max, .max)
      return
    }
    let patient = BatchWatch.patience &* pace.lastCount / max(1, Int(truncatingIfNeeded: pace.lastTicks))
    // Whole rounds of a vectorised loop.
    slice = patient < 64 ? max(1, patient) : patient & ~63
    callSlice = min(slice, 16)
    earliestEnd = start + control.minimumBatch
    nextLook = start + slice
  }

  /// Whether the batch ends before `unit`.
  @inlinable
  @inline(__always)
  mutating func ends(before unit: Int) -> Bool {
    let count = unsafe sleepers.pointee.load(ordering: .relaxed)  // a hint
    if _fastPath(count == knownSleepers && unit < nextLook) { return false }
    return looksUp(before: unit, count)
  }

  @usableFromInline
  @inline(never)
  mutating func looksUp(before unit: Int, _ count: Int) -> Bool {
    knownSleepers = count
    guard unit >= earliestEnd else { return false }
    nextLook = unit + slice
    return ticks() &- began > LoopPace.aim
  }

  /// Runs slices of a batch until it ends.
  /// - Returns: The first unit that was left to whoever goes on.
  @inlinable
  @inline(__always)
  mutating func forEachSlice<E: Error>(
    of units: Range<Int>, _ count: Int, _ body: (Range<Int>) throws(E) -> Void
  ) throws(E) -> Int {
    var start = units.lowerBound
    while true {
      let end = count < units.upperBound - start ? start + count : units.upperBound
      try body(start..<end)
      if end == units.upperBound || ends(before: end) { return end }
      start = end
    }
  }

  /// Runs units one by one until the batch ends.
  /// - Parameter body: Answers whether to go on.
  /// - Returns: The first unit that was left to whoever goes on. None is if `body` says that it is enough.
  @inlinable
  @inline(__always)
  mutating func forEach(in units: Range<Int>, _ body: (Int) -> Bool) -> Int {
    for unit in units {
      if !body(unit) { break }
      if ends(before: unit + 1) { return unit + 1 }
    }
    return units.upperBound
  }
}

extension WorkerReference {
  /// Where to read how many workers of this one's pool sleep for want of work.
  @usableFromInline
  var sleepers: UnsafePointer<Atomic<Int>> { unsafe pool.sleep.freeSleepers }
}
