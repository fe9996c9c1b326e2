public import CSkein
public import Synchronization

/// The state of one worker thread of a pool.
///
/// It is a noncopyable struct behind a pointer, not a class: a stored property of a class costs an exclusivity check at
/// every access, and a fork makes half a dozen accesses.
///
/// SAFETY: Workers are allocated with their pool and freed when its last thread has ended, so a `WorkerReference` held
/// by anything that the pool runs is valid. The plain fields belong to the worker's own thread; all others are atomics
/// or locks.
@usableFromInline
@safe
struct Worker: ~Copyable {
  @usableFromInline var forks: ForkDeque
  /// The number of loops (and scopes) that the running code is nested in, up to `ForkCell.deepestLevel`.
  @usableFromInline var level: UInt = 0
  /// Not zero when others, or this worker itself, have requested that more of its jobs be exposed: its next fork
  /// answers that, on the slow path.
  @usableFromInline let exposureRequested: Atomic<UInt32>

  /// Whether the pool has no other worker.
  @usableFromInline let isAlone: Bool
  /// Its index in the list of the pool's workers. Those of spare threads and of guests come last.
  let index: Int
  /// The position that users see: for a spare thread or a guest, that of the worker in whose place it works. Written
  /// only by its own thread, or by the thread that gives a sleeping spare thread its next duty.
  var position: Int
  let role: Role
  /// SAFETY: the pool owns the worker.
  let pool: UnsafePointer<PoolCore>
  /// The context of the running code.
  @usableFromInline var context: ContextReference?
  /// Where the task-local values of the worker's thread are found.
  @usableFromInline var place = TaskLocalPlace.nowhere

  /// The loops that need not be offered before their first batch is done.
  let shortLoops: ShortLoops
  /// When this worker last read the clock for a loop, in ticks.
  @usableFromInline var lookedAt: UInt64 = 0
  /// The innermost loop that this worker is inside an iteration of.
  @usableFromInline var openLoop: UnsafePointer<OpenLoop>?

  /// The number of stretches of stolen work on the stack, and of all begun so far.
  var depth = 0
  var serial: UInt64 = 0
  /// The innermost scope in whose body or task this worker is, in its current stretch of work.
  var openScope: ScopeReference?
  var unusedScopes = UnusedScopes()
  /// Whether the stolen job that has just run is to be finished by its owner.
  var handsBack = false
  /// Whether it is past its thread's start handler and not yet at its end handler, in both of which it may wait for
  /// something.
  var isInLoop = false
  /// Whether it is counted among the workers that look for work.
  var isSearching = false
  /// When this worker last looked for a sleeper that may help it, in ticks.
  var lookedForHelpers: UInt64 = 0
  /// The progress of the call for which a guest has come.
  var patience = CallPatience.none
  /// Whether the next such call is to read the clock when it begins.
  var timesNextCall = false
  /// What this worker has stolen and not yet begun.
  var loot = Loot()
  /// The worker that this one steals nothing from for a while, and when that began.
  var spared: WorkerReference?
  var sparedSince: UInt64 = 0
  /// The end of the exposed jobs of the worker that was spared last, at that time.
  var sparedEnd = 0
  /// How often it has taken something short from a worker that does nothing else meanwhile.
  var shortLoots: UInt8 = 0
  var random: UInt64
  var tick: UInt32 = 0

  /// What this worker waits for, for those that wait for this worker.
  let waitTarget = Atomic<UInt64>(0)
  /// Odd while this worker sleeps, having looked in vain for a reason not to; incremented at each change.
  let sleepPhase = Atomic<UInt64>(0)
  /// The call that this worker sleeps over, by its number in the list of blocked calls; zero if it sleeps over something else.
  let blockedCall = Atomic<UInt64>(0)
  /// Whether a spare thread stands in for this worker while it runs a closure that blocks.
  var hasStandIn = false
  /// The blocking closure during which this worker, a spare thread's, stands in for another one.
  var blockage: Blockage?
  /// The number of spare threads that work in this worker's place, though it may continue: it takes nothing from others
  /// until there are none.
  let lent = Atomic<Int>(0)
  /// The worker of the guests that come to this one's place; see `GuestPlace`.
  let guest = Atomic<UInt>(0)
  /// Whether its thread has ended, including its handler.
  let hasEnded = Atomic<Bool>(false)
  let activations: ActivationList
  let parker = Parker()
  /// This worker's shares of calls on each thread.
  let shares = Mutex<[Submission]>([])
  let waitingShares = Atomic<Int>(0)
  let counters = WorkerCounters()

  /// Jobs of Swift's tasks in this worker's queue; see Executor.swift.
  var jobs = JobQueue()
  /// How often this worker has looked for a job in another one's queue, and so into whose it looks next.
  var jobLooks: UInt32 = 0
  /// The context in which such a job runs, with everything it forks; made for the first of them.
  var taskContext: ContextReference?
  /// Whether such a job is at the bottom of this worker's stack.
  @usableFromInline var runsJob = false
  /// The task on this thread that `context` takes into account: the one that was running when this stretch of work
  /// began, or that has been registered since. Any other has been begun at once inside it, and is not checked for
  /// cancellation yet.
  @usableFromInline var knownTask: UnsafeMutableRawPointer?
  /// What such tasks have replaced while they are registered, the innermost last.
  var replaced: [(context: ContextReference?, task: UnsafeMutableRawPointer?)] = unsafe []
  /// Whether this worker is counted as a submission, so that the pool does not end while it has such jobs.
  var holdsPool = false
  /// Separates this from the next worker's deque.
  private let padding = CachePadding()

  init(
    index: Int, position: Int, role: Role, threadCount: Int, pool: UnsafePointer<PoolCore>, largeRings: LargeRings
  ) {
    forks = ForkDeque(largeRings: largeRings)
    self.index = index
    self.position = position
    self.role = role
    unsafe self.pool = pool
    isAlone = threadCount == 1
    exposureRequested = Atomic(isAlone ? 0 : 1)
    activations = ActivationList()
    shortLoops = ShortLoops()
    random = UInt64(index &+ 1) &* 0x9E37_79B9_7F4A_7C15
  }

  deinit {
    forks.free()
    jobs.free()
    unsafe taskContext?.release()
  }

  /// The kind of thread that a worker has.
  enum Role {
    /// One of the pool's own.
    case own
    /// A spare one: it takes calls, one after another, and nothing else.
    case spare
    /// One from outside that makes a parallel call: it takes what descends from that call, and nothing else.
    case guest
  }
}

/// Where and when a worker has stolen something, in ticks.
struct Loot {
  var from: WorkerReference?
  var at: UInt64 = 0
  /// Whether what it stole there before was short.
  var isFromSpared = false
}

/// A loop that a worker is inside an iteration of, on that worker's stack, linked to the enclosing ones;
/// `mostIterationsOfOneLoop` is counted from it.
///
/// SAFETY: an entry is on the frame that runs the batch and is removed before that frame ends, and the loop's end
/// outlives it.
@unsafe
@usableFromInline
struct OpenLoop {
  /// The unit before which the loop ends. Its address identifies the loop.
  let end: UnsafePointer<Atomic<Int>>
  /// The start of the batch.
  let batch: Int
  let outer: UnsafePointer<OpenLoop>?

  @usableFromInline
  init(end: UnsafePointer<Atomic<Int>>, batch: Int, outer: UnsafePointer<OpenLoop>?) {
    unsafe self.end = end
    unsafe self.batch = batch
    unsafe self.outer = outer
  }
}

extension WorkerReference {
  /// Runs a batch of a loop: one level deeper, and on the list of open loops.
  @inlinable
  @inline(__always)
  func inside(_ end: UnsafePointer<Atomic<Int>>, at start: Int, _ batch: () -> Void) {
    let outerLevel = level
    let outer = unsafe pointer.pointee.openLoop
    let entry = unsafe OpenLoop(end: end, batch: start, outer: outer)
    unsafe withUnsafePointer(to: entry) { entry in
      unsafe pointer.pointee.openLoop = entry
      level = innerLevel
      if unsafe outer != nil { unsafe countOpenIterations(entry) }
      batch()
      level = outerLevel
      unsafe pointer.pointee.openLoop = outer
    }
  }

  /// Whether the batch that this worker is inside is useless: its loop ends before it.
  var isBatchInVain: Bool {
    guard let open = unsafe pointer.pointee.openLoop else { return false }
    // Relaxed: a hint, as in `LoopControl.isOver`.
    return unsafe open.pointee.batch >= open.pointee.end.pointee.load(ordering: .relaxed)
  }

  @usableFromInline
  @inline(never)
  func countOpenIterations(_ innermost: UnsafePointer<OpenLoop>) {
    var count: UInt64 = 0
    var entry = unsafe Optional(innermost)
    while let open = unsafe entry {
      if unsafe open.pointee.end == innermost.pointee.end { count += 1 }
      unsafe entry = open.pointee.outer
    }
    state.counters.openIterations.raise(to: count)
  }
}

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
