internal import CSkein
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
  /// Whether there is one, for a worker that falls asleep.
  @usableFromInline let isInBatch = Atomic<Bool>(false)

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
  /// The worker that this one has woken last.
  var woken = Woken()
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
  let placement = Placement()
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
      unsafe pointer.pointee.isInBatch.store(true, ordering: .relaxed)  // a hint, here and below
      level = innerLevel
      if unsafe outer != nil { unsafe countOpenIterations(entry) }
      batch()
      level = outerLevel
      unsafe pointer.pointee.openLoop = outer
      if unsafe outer == nil { unsafe pointer.pointee.isInBatch.store(false, ordering: .relaxed) }
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
