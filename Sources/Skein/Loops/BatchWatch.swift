public import Synchronization

/// Ends a batch early if its elements turn out costlier than those before them, so that the rest can be divided.
///
/// The duration of a batch is estimated from the last one. The estimate can be wrong by any factor, and a batch that
/// runs from elements of a nanosecond into elements of a millisecond would keep all of them to its thread. So a batch
/// runs in slices. After each it checks whether a worker has fallen asleep or has been woken since it last read the
/// clock, which is one load of a word that is in the cache: a worker that finds nothing to do falls asleep soon, and
/// changes the word again some times later. If so, and in any case after about as many units as should take
/// `patience`, it reads the clock.
///
/// SAFETY: The word belongs to the pool, which outlives its workers' loops.
@safe
@usableFromInline
struct BatchWatch {
  /// The word of the pool that changes.
  @usableFromInline let attention: UnsafePointer<Atomic<Int>>
  /// That word when the clock was last read.
  @usableFromInline var knownWord = 0
  /// When the batch began; nil until the first reading if that is not known.
  @usableFromInline var began: UInt64?
  /// The last reading of the clock, and the unit before which it was taken.
  @usableFromInline var lastLook: (time: UInt64, unit: Int)
  /// The unit before which the clock is read in any case.
  @usableFromInline var nextLook: Int
  /// The first unit before which the batch may end.
  @usableFromInline let earliestEnd: Int
  /// The number of units from one reading of the clock to the next. It is also the slice for closures that take many
  /// units at once.
  @usableFromInline var stride: Int
  /// The slice for elements that are so cheap that the optimiser may make one loop of them: as many units as that, or
  /// fewer while a worker sleeps that could run some of them if they turn out costly.
  @usableFromInline var plainSlice: Int
  /// The slice for elements each of which takes at least one call.
  @usableFromInline let callSlice: Int

  /// How long a batch goes on without reading the clock, in ticks. A reading costs about twenty.
  @inlinable static var patience: Int { 1024 }
  /// The least number of cheap units that are worth a reading.
  @inlinable static var leastStride: Int { 256 }
  /// The most units that a batch begins with before its first look.
  @inlinable static var mostUnseen: Int { 1024 }
  /// The number of cheap units in a slice while a worker sleeps: as many as make a look cost little.
  @inlinable static var shortSlice: Int { 64 }

  /// Returns the slice for cheap elements, from one reading of the clock to the next.
  @inlinable
  static func plainSlice(_ stride: Int, _ word: Int) -> Int {
    Sleep.sleepers(in: word) > 0 ? min(stride, shortSlice) : stride
  }

  /// - Parameters:
  ///   - units: The batch. If its worker has finished no batch in this loop yet, it goes to its end.
  ///   - began: When the batch begins, if the clock has just been read.
  @inlinable
  @inline(__always)
  init<Failure>(
    _ units: Range<Int>, _ pace: LoopPace, _ control: borrowing LoopControl<Failure>, began: UInt64?
  ) {
    unsafe attention = pace.attention
    self.began = began
    lastLook = (began ?? 0, units.lowerBound)
    guard units.count > 16, pace.isMeasured else {
      (stride, plainSlice, callSlice, earliestEnd, nextLook) = (.max, .max, .max, .max, .max)
      return
    }
    knownWord = unsafe attention.pointee.load(ordering: .relaxed)  // a hint
    stride = min(max(BatchWatch.leastStride, units.count / 8), BatchWatch.mostUnseen)
    plainSlice = BatchWatch.plainSlice(stride, knownWord)
    callSlice = 16
    earliestEnd = units.lowerBound + min(control.minimumBatch, units.count)
    nextLook = units.lowerBound + stride
  }

  /// Returns whether the batch ends before `unit`.
  @inlinable
  @inline(__always)
  mutating func ends(before unit: Int) -> Bool {
    let word = unsafe attention.pointee.load(ordering: .relaxed)  // a hint
    if _fastPath(word == knownWord && unit < nextLook) { return false }
    return looksUp(before: unit, word)
  }

  @usableFromInline
  @inline(never)
  mutating func looksUp(before unit: Int, _ word: Int) -> Bool {
    knownWord = word
    if nextLook == .max { return false }
    let now = ticks()
    defer { lastLook = (now, unit) }
    guard let began else {
      began = now
      nextLook = unit + callSlice
      return false
    }
    let elapsed = max(1, Int(truncatingIfNeeded: now &- lastLook.time))
    stride = max(BatchWatch.leastStride, BatchWatch.patience &* (unit - lastLook.unit) / elapsed)
    plainSlice = BatchWatch.plainSlice(stride, word)
    nextLook = unit + stride
    // Signed: the clocks of two processors need not agree.
    return unit >= earliestEnd && Int64(bitPattern: now &- began) > LoopPace.aim
  }

  /// What a slice consists of.
  @usableFromInline
  enum SliceKind {
    /// Units each of which takes at least one call.
    case calls
    /// Units that the optimiser may make one loop of.
    case plain
    /// Units that a closure takes all at once.
    case spans
  }

  /// The number of units in the next slice.
  @inlinable
  @inline(__always)
  func length(of kind: SliceKind) -> Int {
    switch kind {
    case .calls: callSlice
    case .plain: plainSlice
    case .spans: stride
    }
  }

  /// Runs slices of a batch until it ends.
  /// - Parameter isDone: Returns whether the rest of the batch may be left out.
  /// - Returns: The first unit not done.
  @inlinable
  @inline(__always)
  mutating func forEachSlice<E: Error>(
    of units: Range<Int>, by kind: SliceKind, until isDone: () -> Bool = { false },
    _ body: (Range<Int>) throws(E) -> Void
  ) throws(E) -> Int {
    var start = units.lowerBound
    while true {
      let count = length(of: kind)
      let end = count < units.upperBound - start ? start + count : units.upperBound
      try body(start..<end)
      if isDone() { return units.upperBound }
      if end == units.upperBound || ends(before: end) { return end }
      start = end
    }
  }

  /// Runs units one by one until the batch ends.
  /// - Parameter body: Returns whether to go on.
  /// - Returns: The first unit not done; the end of the units if `body` has ended the loop over them.
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
  /// The address of the word of this one's pool at which batches look.
  @usableFromInline
  var attention: UnsafePointer<Atomic<Int>> { unsafe pool.sleep.attention }
}
