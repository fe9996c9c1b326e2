// The worker's side of loops: what a running loop asks of its worker, and reports to it.

extension WorkerReference {
  /// Returns whether to offer a half of the rest of a loop.
  /// - Parameter isSoonOver: Whether the rest takes less time than waking a worker for it.
  @usableFromInline
  @inline(never)
  func isOfferWanted(isSoonOver: Bool) -> Bool {
    state.woken.lookAfter()
    if isSoonOver, pool.sleep.searchingCount == 0 { return false }
    let others = pool.threadCount - 1
    // As many halves as others could take, or some of them, are exposed even when no worker is hungry: one that becomes
    // so while this worker is in a long batch finds them.
    let wanted = max(pool.sleep.searchingCount, min(others, ForkDeque.shown))
    return others > 0 && wanted > state.forks.publicCount
  }

  /// The time of this worker's last reading of the clock for a loop. Another loop may have run since then, so a loop
  /// that measures reads it before.
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

  /// Notes that the job which this thief runs is to be finished by its owner, since other work waits.
  @usableFromInline
  func handBack() {
    state.handsBack = true
    takeSubmissionNext()
  }

  /// Whether there is a call, a detached closure or a job, which a worker should begin that only helps others.
  var haveSubmissions: Bool { pool.hasSubmissions || pool.jobs.areInQueue || hasOwnJob || seesJobOfOther }

  /// Whether a thief should leave its piece of a loop: it has a share of a call on each thread; or there is a
  /// submission, or a task of a scope that no worker waits for, and no worker sleeps that could begin it.
  /// - Parameter isLimited: Whether the loop has a limited number of open pieces. One that is left is still counted until
  ///   its owner comes to it, so it is left for calls, detached closures and jobs in the pool's queue alone.
  @usableFromInline
  func shouldLeaveLoop(isLimited: Bool) -> Bool {
    if isLimited { return (pool.hasSubmissions || pool.jobs.areInQueue || hasOwnJob) && pool.sleep.count(.free) == 0 }
    return hasShares || (pool.hasCallsInQueues || hasOwnJob || seesJobOfOther) && pool.sleep.count(.free) == 0
  }

  /// Whether the task on whose behalf this worker runs has been cancelled.
  @inlinable
  @inline(__always)
  var isCancelled: Bool { unsafe pointer.pointee.context != nil && isContextCancelled }

  @usableFromInline
  @inline(never)
  var isContextCancelled: Bool {
    unsafe context?._withUnsafeGuaranteedRef { $0.cancellation?.isCancelled } ?? false
  }

  /// The number of stretches of stolen or submitted work on this worker's stack.
  @usableFromInline
  var stackDepth: Int { state.depth }

  /// Whether only the piece of a loop that this worker has just stolen is on its stack.
  @usableFromInline
  var isBareThief: Bool { state.depth == 1 && state.role == .own }
}
