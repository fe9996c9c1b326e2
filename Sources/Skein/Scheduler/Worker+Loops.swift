// The worker's side of loops: what a loop that runs on it asks and tells it.

extension WorkerReference {
  /// Whether to offer a half of what is left of a loop.
  /// - Parameter isSoonOver: Whether what is left takes less time than to wake somebody for it.
  @usableFromInline
  @inline(never)
  func isOfferWanted(isSoonOver: Bool) -> Bool {
    if isSoonOver, pool.sleep.searchingCount == 0 { return false }
    let others = pool.threadCount - 1
    // As many halves as others could take, or some of them, are on show also when nobody is hungry: who gets so while this worker is
    // in a long batch finds them.
    let wanted = max(pool.sleep.searchingCount, min(others, ForkDeque.shown))
    return others > 0 && wanted > state.forks.publicCount
  }

  /// When this worker last read the clock for a loop. Another loop may have run since then, so whoever measures takes it before.
  @inlinable
  @inline(__always)
  var lookedAt: UInt64 { unsafe pointer.pointee.lookedAt }

  /// Reads the clock.
  @inlinable
  @inline(__always)
  func look() -> UInt64 {
    let now = ticks()
    unsafe pointer.pointee.lookedAt = now
    return now
  }

  /// Whether nobody sleeps who could look after a submission.
  @usableFromInline
  var shouldServe: Bool { pool.sleep.count(.free) == 0 }

  /// Says that the job which this thief runs is to be finished by its owner.
  @usableFromInline
  func handBack() { state.handsBack = true }

  @usableFromInline
  var haveSubmissions: Bool { !pool.injected.isEmpty || pool.jobs.areInQueue }

  /// Whether the task on whose behalf this worker runs has been cancelled.
  @inlinable
  @inline(__always)
  var isCancelled: Bool { unsafe pointer.pointee.context != nil && isContextCancelled }

  @usableFromInline
  @inline(never)
  var isContextCancelled: Bool {
    unsafe context?._withUnsafeGuaranteedRef { $0.cancellation?.isCancelled } ?? false
  }

  /// How many stretches of stolen or submitted work are on this worker's stack.
  @usableFromInline
  var stackDepth: Int { state.depth }

  /// Whether nothing but the piece of a loop that this worker has just stolen is on its stack.
  @usableFromInline
  var isBareThief: Bool { state.depth == 1 && state.role == .own }
}
