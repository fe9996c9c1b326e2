public import CSkein
public import Synchronization

/// The state of one worker thread of a pool.
///
/// It is a noncopyable struct behind a pointer, not a class: a stored property of a class costs an exclusivity check at every
/// access, and a fork makes half a dozen of them.
///
/// SAFETY: Workers are allocated with their pool and freed when its last thread has ended, so a `WorkerReference` held by
/// anything that the pool runs is good. The plain fields belong to the worker's own thread; all others are atomics or locks.
@usableFromInline
@safe
struct Worker: ~Copyable {
  @usableFromInline var forks = ForkDeque()
  /// How many loops (and scopes) the running code is nested in, up to `ForkCell.deepestLevel`.
  @usableFromInline var level: UInt = 0
  /// Not zero when others have asked for more to be on show here, or this worker for itself: its next fork answers that, on the slow path.
  @usableFromInline let exposureRequested: Atomic<UInt32>

  /// Whether the pool has no other worker.
  @usableFromInline let isAlone: Bool
  /// Where it is in the list of the pool's workers. Those of spare threads and of guests come last.
  let index: Int
  /// The position that users see: for a spare thread or a guest, that of the worker in whose place it works. Nobody but its own thread
  /// writes it, or whoever gives a spare thread that sleeps its next duty.
  var position: Int
  let role: Role
  /// SAFETY: the pool owns the worker.
  let pool: UnsafePointer<PoolCore>
  /// On whose behalf the running code runs.
  @usableFromInline var context: ContextReference?
  /// Where the task-local values of the worker's thread are found.
  @usableFromInline var place = TaskLocalPlace.nowhere

  /// Which loops need not be offered before their first batch is done.
  let shortLoops: ShortLoops
  /// When this worker last read the clock for a loop, in ticks.
  @usableFromInline var lookedAt: UInt64 = 0
  /// The innermost loop that this worker is inside an iteration of.
  @usableFromInline var openLoop: UnsafePointer<OpenLoop>?

  /// How many stretches of stolen work are on the stack, and how many were ever begun.
  var depth = 0
  var serial: UInt64 = 0
  /// The innermost scope in whose body, or task, this worker is, in the stretch of work that it does.
  var openScope: ScopeReference?
  var unusedScopes = UnusedScopes()
  /// Whether the stolen job that has just run is to be finished by its owner.
  var handsBack = false
  /// Whether it is past its thread's start handler and not yet at its end handler, in which it may wait for something.
  var isInLoop = false
  /// Whether it is counted among those who look for work.
  var isSearching = false
  /// When this worker last looked for a sleeper that may help it, in ticks.
  var lookedForHelpers: UInt64 = 0
  /// How the call gets on for which a guest has come.
  var patience = CallPatience.none
  /// Whether the next such call is to read the clock when it begins.
  var timesNextCall = false
  var random: UInt64
  var tick: UInt32 = 0

  /// What this worker waits for, for those who wait for this worker.
  let waitTarget = Atomic<UInt64>(0)
  /// Odd while this worker sleeps, having looked in vain for a reason not to; rises at each change.
  let sleepPhase = Atomic<UInt64>(0)
  /// The call that this worker sleeps over, by its number in the list of blocked calls; zero if it sleeps over something else.
  let blockedCall = Atomic<UInt64>(0)
  /// Whether a spare thread stands in for this worker, inside a closure that blocks.
  var hasStandIn = false
  /// During what this worker, which is a spare thread's, stands in for another one.
  var blockage: Blockage?
  /// How many spare threads work in this worker's place, though it may go on: it takes nothing from others until there are none.
  let lent = Atomic<Int>(0)
  /// The worker of the guests that come to this one's place; see `GuestPlace`.
  let guest = Atomic<UInt>(0)
  /// Whether its thread has come to its end, its handler included.
  let hasEnded = Atomic<Bool>(false)
  let activations: ActivationList
  let parker = Parker()
  /// This worker's shares of calls on each thread.
  let shares = Mutex<[Submission]>([])
  let waitingShares = Atomic<Int>(0)
  let counters = WorkerCounters()

  /// Jobs of Swift's tasks that lie here; see Executor.swift.
  var jobs = JobQueue()
  /// On whose behalf such a job runs, and what it forks; made for the first of them.
  var taskContext: ContextReference?
  /// Whether such a job is at the bottom of this worker's stack.
  @usableFromInline var runsJob = false
  /// Whether this worker is counted as a submission, so that the pool does not end while it has such jobs.
  var holdsPool = false
  /// The next worker's deque begins behind this.
  private let padding = CachePadding()

  init(index: Int, position: Int, role: Role, threadCount: Int, pool: UnsafePointer<PoolCore>) {
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

  /// Whose thread a worker has.
  enum Role {
    /// The pool's.
    case own
    /// A spare one: it takes calls, one after the other, and nothing else.
    case spare
    /// One from outside that makes a parallel call: it takes what descends from that call, and nothing else.
    case guest
  }
}

/// A loop that a worker is inside an iteration of, on that worker's stack, with those around it: what `mostIterationsOfOneLoop`
/// is counted from.
///
/// SAFETY: an entry lies on the frame that runs the batch and is taken off before that frame ends, and the loop's end outlives it.
@unsafe
@usableFromInline
struct OpenLoop {
  /// The unit before which the loop ends. Its address tells loops apart.
  let end: UnsafePointer<Atomic<Int>>
  /// Where the batch begins.
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

  /// Whether the batch that this worker is inside need not go on: its loop ends before it.
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

  /// The worker whose thread this is.
  @inlinable
  @inline(__always)
  static var current: WorkerReference? {
    guard let word = unsafe skein_worker_get() else { return nil }
    return unsafe WorkerReference(word.assumingMemoryBound(to: Worker.self))
  }

  /// The worker itself. What is not atomic in it belongs to its own thread.
  ///
  /// (What is inlined elsewhere says `pointer.pointee`: the 6.3 optimiser crashes over an accessor of this kind that other modules see.)
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
  /// Whether a spare thread works in its place, so that it is to take nothing from others.
  var isLent: Bool { state.lent.load(ordering: .sequentiallyConsistent) > 0 }
  var pool: PoolCore {
    unsafeAddress { unsafe state.pool }
  }

  @inlinable
  var level: UInt {
    @inline(__always) get { unsafe pointer.pointee.level }
    @inline(__always) nonmutating set { unsafe pointer.pointee.level = newValue }
  }

  /// How many threads its pool has, this worker's among them.
  @usableFromInline var poolThreadCount: Int { pool.threadCount }

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
  /// Runs `first` here while `second` can be stolen; then `second` too, or waits until its thief is done with it.
  ///
  /// Nothing is allocated and nothing is retained. When enough is on show this costs four stores, and a comparison on the way back.
  @inlinable
  @inline(__always)
  func fork<First>(_ first: () -> First, _ second: () -> Void) -> First {
    var job = unsafe ForkJob(
      closureWords(second), context: pointer.pointee.context, values: pointer.pointee.place.values)
    return unsafe _withUnprotectedUnsafeMutablePointer(to: &job) { job in
      unsafe pointer.pointee.forks.push(ForkCell(job, level: level))
      if _slowPath(isExposureRequested) { answerExposureRequest() }
      let result = first()
      if unsafe _fastPath(pointer.pointee.forks.popPrivate()) {
        second()
      } else if unsafe !finishElsewhere(job) {
        second()  // also keeps the closure's context alive until here
      }
      return result
    }
  }

  /// Whether somebody has asked for more to be on show.
  @inlinable
  @inline(__always)
  var isExposureRequested: Bool {
    // Relaxed: a hint; a fork or a batch later is early enough.
    unsafe pointer.pointee.exposureRequested.load(ordering: .relaxed) != 0
  }

  /// The slow end of a fork: takes the job back from among those that thieves see, or waits until it is done.
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

  /// After this worker has taken jobs back: makes its next fork look whether to show others.
  func requestExposureIfLittleIsShown() {
    if state.forks.publicCount < ForkDeque.fewestShown { requestExposure() }
  }

  /// Makes the next fork on this worker take the slow path, unless it is alone in its pool.
  func requestExposure() {
    // If the worker takes the flag down at this moment, it looks again after that.
    if pool.threadCount > 1, state.exposureRequested.load(ordering: .sequentiallyConsistent) == 0 {
      state.exposureRequested.store(1, ordering: .sequentiallyConsistent)
    }
  }

  /// Answers a request for exposure, on the slow path of a fork: lets thieves see all of the deque if somebody looks for work, and its oldest jobs always.
  ///
  /// A worker in a long stretch of code without forks cannot show anything, so what is on show before is all that others can
  /// take meanwhile.
  @usableFromInline
  @inline(never)
  func answerExposureRequest() {
    guard pool.threadCount > 1 else { return }
    let wanted = pool.sleep.searchingCount > 0 ? .max : ForkDeque.shown - state.forks.publicCount
    let isPatient = isPatient
    if isPatient {
      state.forks.exposeQuietly(max(0, wanted))
    } else {
      state.forks.expose(max(0, wanted))
    }
    // The flag stays up while too little is on show. What is on show feeds all who look for work: a thief that leaves too little puts the
    // flag up again, as does this worker when it takes jobs back.
    if state.forks.publicCount >= ForkDeque.fewestShown {
      state.exposureRequested.store(0, ordering: .sequentiallyConsistent)
      // A thief that took one before that may have seen the flag still up. Then this worker sees what the thief has left.
      requestExposureIfLittleIsShown()
    }
    if isPatient {
      if pool.sleep.isWatched { return }
      // Nobody looks by himself, so what is on show must be in order with the look at the sleepers.
      state.forks.expose(0)
    }
    // After the jobs are on show: whoever fell asleep before that, and did not see them, is seen here.
    pool.wakeHelper(of: self)
  }

  /// Lets thieves see everything, before this worker blocks.
  func exposeAll() {
    state.forks.expose(.max)
    if state.forks.publicCount > 0 { pool.wakeHelper(of: self) }
  }

  /// Whether it is some time since this worker looked for sleepers that wait and may help it.
  func mayLookForHelpers() -> Bool {
    let now = ticks()
    guard now &- state.lookedForHelpers > 20_000 else { return false }
    state.lookedForHelpers = now
    return true
  }
}
