public import CSkein
public import Synchronization

/// A worker, by reference.
///
/// SAFETY: see `Worker`.
@safe
@frozen
@usableFromInline
struct WorkerReference: Hashable, @unchecked Sendable {
  @usableFromInline let pointer: UnsafeMutablePointer<Worker>

  @inlinable
  @inline(__always)
  init(_ pointer: UnsafeMutablePointer<Worker>) { unsafe self.pointer = pointer }

  @inlinable
  static func == (left: WorkerReference, right: WorkerReference) -> Bool { unsafe left.pointer == right.pointer }

  @inlinable
  func hash(into hasher: inout Hasher) { unsafe hasher.combine(pointer) }

  /// The worker of the calling thread.
  @inlinable
  @inline(__always)
  static var current: WorkerReference? {
    guard let word = unsafe skein_worker_get() else { return nil }
    return unsafe WorkerReference(word.assumingMemoryBound(to: Worker.self))
  }

  /// The worker's state. What is not atomic in it belongs to its own thread.
  ///
  /// (Code inlined in other modules uses `pointer.pointee`: the 6.3 optimiser crashes over an accessor of this kind
  /// that other modules see.)
  var state: Worker {
    unsafeAddress { unsafe UnsafePointer(pointer) }
    nonmutating unsafeMutableAddress { unsafe pointer }
  }

  var index: Int { state.index }
  var position: Int {
    get { state.position }
    nonmutating set { state.position = newValue }
  }
  var role: Worker.Role { state.role }
  /// Whether a spare thread works in its place, so that it must take nothing from others.
  var isLent: Bool { state.lent.load(ordering: .sequentiallyConsistent) > 0 }
  var pool: PoolCore {
    unsafeAddress { unsafe state.pool }
  }

  @inlinable
  var level: UInt {
    @inline(__always) get { unsafe pointer.pointee.level }
    @inline(__always) nonmutating set { unsafe pointer.pointee.level = newValue }
  }

  /// The number of threads in its pool, including this worker's.
  @usableFromInline var poolThreadCount: Int { pool.threadCount }

  /// Whether the running code may see any task-local values: quicker than to ask for them.
  var hasValues: Bool { state.place.hasValues }

  /// The task-local values that the running code sees.
  var values: TaskLocalValues { state.place.values }

  var context: ContextReference? {
    get { unsafe state.context }
    nonmutating set { unsafe state.context = newValue }
  }

  /// The level of work nested in one more loop than the running code.
  @inlinable
  @inline(__always)
  var innerLevel: UInt { min(level &+ 1, ForkCell.deepestLevel) }

  /// Wakes the worker if it sleeps while it waits for something of its own.
  @discardableResult
  func wakeFromWaiting() -> Bool { state.parker.wakeFromWaiting() }
}

// MARK: - Forking

extension WorkerReference {
  /// Runs `first` here while `second` can be stolen; then runs `second` too, or waits until its thief is done with it.
  ///
  /// Nothing is allocated or retained. When enough is exposed this costs four stores, and a comparison on the way back.
  @inlinable
  @inline(__always)
  func fork<First>(_ first: () -> First, _ second: () -> Void) -> First {
    let words = unsafe closureWords(second)
    skein_closure_words_are_inlined()
    var job = unsafe ForkJob(words, context: pointer.pointee.context)
    if unsafe _slowPath(pointer.pointee.place.hasValues) { unsafe job.values = pointer.pointee.place.values }
    return unsafe _withUnprotectedUnsafeMutablePointer(to: &job) { job in
      unsafe pointer.pointee.forks.push(ForkCell(job, level: level))
      if _slowPath(isExposureRequested) { answerExposureRequest() }
      let result = first()
      if unsafe _slowPath(!pointer.pointee.forks.popPrivate()) {
        skein_cold()
        if unsafe finishElsewhere(job) {
          skein_cold()
          if skein_never() == 0 { return result }
        }
      }
      second()  // also keeps the closure's context alive until here
      return result
    }
  }

  /// Whether more jobs are requested to be exposed.
  @inlinable
  @inline(__always)
  var isExposureRequested: Bool {
    // Relaxed: a hint; a fork or a batch later is early enough.
    unsafe pointer.pointee.exposureRequested.load(ordering: .relaxed) != 0
  }

  /// The slow end of a fork: takes the job back from the public part, or waits until it is done.
  /// - Returns: Whether a thief has run it to its end. If not, it is the caller's again.
  @usableFromInline
  @inline(never)
  func finishElsewhere(_ job: UnsafeMutablePointer<ForkJob>) -> Bool {
    let own = state.forks.popPublic()
    requestExposureIfLittleIsShown()
    if own { return false }
    unsafe wait(for: job)
    unsafe state.forks.settle(above: job)
    return unsafe job.pointee.status.load(ordering: .acquiring) == ForkJob.done  // pairs with `perform`
  }

  /// Called after this worker has taken jobs back: makes its next fork check whether to expose others.
  func requestExposureIfLittleIsShown() {
    if state.forks.publicCount < ForkDeque.fewestShown { requestExposure() }
  }

  /// Makes the next fork on this worker take the slow path, unless it is alone in its pool.
  func requestExposure() {
    // If the worker clears the flag at this moment, it checks again after that.
    if pool.threadCount > 1, state.exposureRequested.load(ordering: .sequentiallyConsistent) == 0 {
      state.exposureRequested.store(1, ordering: .sequentiallyConsistent)
    }
  }

  /// Answers a request for exposure, on the slow path of a fork: exposes the whole deque if a worker looks for work,
  /// and in any case its oldest jobs.
  ///
  /// A worker in a long stretch of code without forks cannot expose anything, so what is exposed before is all that
  /// others can take meanwhile.
  @usableFromInline
  @inline(never)
  func answerExposureRequest() {
    // Alone in its pool, it exposes what it pushes while it has a stand-in, which asks for everything.
    guard pool.threadCount > 1 else { return exposeAll() }
    state.woken.lookAfter()
    let wanted = pool.sleep.searchingCount > 0 ? .max : ForkDeque.shown - state.forks.publicCount
    let isPatient = isPatient
    if isPatient {
      state.forks.exposeQuietly(max(0, wanted))
    } else {
      state.forks.expose(max(0, wanted))
    }
    // The flag stays set while too little is exposed. What is exposed feeds all workers that look for work: a thief
    // that leaves too little sets the flag again, as does this worker when it takes jobs back.
    if state.forks.publicCount >= ForkDeque.fewestShown {
      state.exposureRequested.store(0, ordering: .sequentiallyConsistent)
      // A thief that took a job before that may have seen the flag still set. Then this worker sees what the thief has
      // left.
      requestExposureIfLittleIsShown()
    }
    if isPatient {
      if pool.sleep.isWatched { return }
      // No worker looks by itself, so the exposure must be ordered with the check for sleepers.
      state.forks.expose(0)
    }
    // After exposing the jobs: a worker that fell asleep before that, and did not see them, is seen here.
    pool.wakeHelper(of: self)
  }

  /// Exposes everything to thieves, before this worker blocks.
  func exposeAll() {
    state.forks.expose(.max)
    if state.forks.publicCount > 0 { pool.wakeHelper(of: self) }
  }

  /// Returns whether this worker has not looked for some time for waiting sleepers that may help it.
  func mayLookForHelpers() -> Bool {
    let now = ticks()
    guard now &- state.lookedForHelpers > 20_000 else { return false }
    state.lookedForHelpers = now
    return true
  }
}
