internal import CSkein
internal import SkeinDeque
internal import Synchronization

// A pool as an executor of Swift's tasks. The runtime passes it jobs: stretches of a task from one suspension to the
// next.
//
// Like a detached closure, a job starts only on a worker that waits for nothing (W6), never on top of other work. A job
// that is enqueued on a worker of the pool goes to that worker's queue, where others can steal it; all others go to a
// queue that the workers share. A worker that has found none of its own takes half of another's.
//
// How the pool ends. Jobs are not counted as submissions, since for each of them two threads would write the same word.
// Instead, a worker that has jobs, runs one or is about to take some is counted once, until it finds none. Jobs in the
// shared queue are counted one by one: a worker that takes one takes over its count.

/// A job of one of Swift's tasks, as a word. Its owner runs it, once.
struct AsyncJob: BitwiseCopyable {
  let bits: UInt

  init(bits: UInt) { self.bits = bits }

  // SAFETY: both are one word, the address of the runtime's job.
  init(_ job: UnownedJob) { bits = unsafe unsafeBitCast(job, to: UInt.self) }

  /// Runs it, and whatever the runtime runs with it, up to the next suspension.
  @inline(never)
  func run(in pool: borrowing PoolCore) {
    // SAFETY: as in `init`. The task keeps the executor alive.
    unsafe unsafeBitCast(bits, to: UnownedJob.self).runSynchronously(on: pool.executor!)
  }

  /// The address of the job's task; zero if it is something else: an actor's turn, in which many tasks may run one
  /// after another.
  var task: UInt {
    // SAFETY: a job that has not begun exists.
    unsafe skein_job_kind(UnsafeRawPointer(bitPattern: bits)!) == AsyncJob.kindOfTasks ? bits : 0
  }

  /// The kind that the jobs of tasks have, and no others. It is found by having a task made.
  private static let kindOfTasks: UInt = {
    let probe = Probe()
    _ = Task<Void, Never>(executorPreference: probe) {}
    guard let job = probe.job.withLock({ $0 }) else { return 0 }
    let kind = unsafe skein_job_kind(UnsafeRawPointer(bitPattern: AsyncJob(job).bits)!)
    unsafe job.runSynchronously(on: probe.asUnownedTaskExecutor())
    return kind
  }()

  /// Captures the job of a task that is made for it.
  private final class Probe: TaskExecutor {
    let job = Mutex<UnownedJob?>(nil)

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      self.job.withLock { $0 = job }
    }
  }
}

/// The jobs in no worker's queue.
struct PoolJobs: ~Copyable {
  fileprivate let queue = InjectionQueue<UInt>()
  /// Whether there ever was a job, with a worker or here, so that a pool without jobs need not look for any.
  ///
  /// (An atomic of the standard library, even in tests that explore this module's own: it changes once.)
  fileprivate let wereUsed = Synchronization.Atomic<Bool>(false)

  /// Called before the first job is made visible: a worker that does not see this in its last look before sleeping is
  /// seen by the thread that makes the job visible.
  fileprivate func use() { if !areUsed { wereUsed.store(true, ordering: .sequentiallyConsistent) } }
  fileprivate var areUsed: Bool { wereUsed.load(ordering: .sequentiallyConsistent) }

  var areInQueue: Bool { areUsed && !queue.isEmpty }
}

// MARK: - Enqueueing

extension PoolCore {
  /// Puts a job where a free worker finds it. Once the pool is closed it goes to the system's own executor instead,
  /// unless accepted work enqueues it on one of the pool's threads.
  func enqueue(_ job: AsyncJob) {
    jobs.use()
    if let worker = WorkerReference.current, worker.pool === self, worker.looksForJobsSoon {
      worker.holdPool()
      worker.state.jobs.push(job)
      wakeFreeWorker()
    } else {
      enqueueFromElsewhere(job)
    }
  }

  private func enqueueFromElsewhere(_ job: AsyncJob) {
    // Whoever takes the job may run its task to its end, and the last reference to the pool may go with that: the one under which this is called
    // is the runtime's, and not counted. So what is used after the push is kept here, by a count that the compiler cannot leave out.
    let keeper = unsafe Unmanaged.passRetained(owner)
    defer { unsafe keeper.release() }
    let (isAccepted, isOver) = lifecycle.acceptIfOpen(isPartOfAcceptedWork: isCalledByAcceptedWork)
    if isOver { wakeEverybody() }
    guard isAccepted else {
      // SAFETY: as in `AsyncJob`.
      return globalConcurrentExecutor.enqueue(unsafe unsafeBitCast(job.bits, to: UnownedJob.self))
    }
    jobs.queue.push(job.bits)
    wakeFreeWorker()
  }

  /// Whether some worker's queue has a job.
  var hasJobsOfWorkers: Bool { jobs.areUsed && workers.contains { !$0.state.jobs.isEmpty } }
}

// MARK: - Taking

extension WorkerReference {
  /// Whether a job in this worker's queue is found as soon as the running job suspends. Not if that, or what this worker
  /// runs instead of a job, is inside a loop, a scope or a `join`: its end may be far, and other workers that take part
  /// in it look for jobs meanwhile in the pool's queue alone.
  fileprivate var looksForJobsSoon: Bool {
    unsafe state.isInLoop && state.runsJob && state.depth == 1 && state.openLoop == nil && state.openScope == nil
      && state.forks.tail == state.forks.taskFloor
  }

  /// Whether this worker's queue has a job.
  var hasOwnJob: Bool { state.holdsPool && !state.jobs.isEmpty }

  /// Whether there is a job in the queue of one other worker, a different one each time: the job that runs there may
  /// go on for long.
  var seesJobOfOther: Bool {
    guard pool.jobs.areUsed else { return false }
    state.jobLooks &+= 1
    return !pool.worker(Int(state.jobLooks % UInt32(pool.threadCount))).state.jobs.isEmpty
  }

  /// Keeps the pool from ending until `releasePool`.
  fileprivate func holdPool() {
    if state.holdsPool { return }
    state.holdsPool = true
    pool.lifecycle.hold()
  }

  /// Called when this worker has found nothing to do.
  /// - Returns: Whether that ends the pool.
  func releasePool() -> Bool { state.holdsPool && state.jobs.isEmpty && releaseHeldPool() }

  @inline(never)
  private func releaseHeldPool() -> Bool {
    state.holdsPool = false
    guard pool.lifecycle.finish() else { return false }
    pool.wakeEverybody()
    return true
  }

  /// Takes the oldest job from this worker's queue. While there is one, this worker holds the pool.
  func takeOwnJob() -> AsyncJob? { state.holdsPool ? state.jobs.take() : nil }

  /// Takes a job from the pool's queue, this worker's own, or another worker's.
  func takeJob() -> AsyncJob? {
    guard pool.jobs.areUsed else { return nil }
    if let bits = pool.jobs.queue.takeOldest() {
      if state.holdsPool { _ = pool.lifecycle.finish() }
      state.holdsPool = true
      return AsyncJob(bits: bits)
    }
    if let job = takeOwnJob() { return job }
    for offset in 1...pool.threadCount {
      let victim = pool.worker((index + offset) % pool.threadCount)
      if victim == self || victim.state.jobs.isEmpty { continue }
      // Before the job is taken, since its owner may find nothing more right after that.
      holdPool()
      // No worker looks for jobs in a spare thread's queue.
      if let job = role == .own ? state.jobs.takeSome(from: victim.state.jobs, upTo: 8) : victim.state.jobs.take() {
        state.counters.stolen.add()
        return job
      }
    }
    return nil
  }
}

// MARK: - Running

extension WorkerReference {
  /// How many jobs of its own a worker runs in one activation before it looks for all other work.
  private static var jobsInARow: Int { 8 }

  /// Runs a job, and then some of this worker's queue. One activation suffices for all of them: nothing waits for any.
  func runJobs(from first: AsyncJob) {
    state.runsJob = true
    var job = first
    for count in 1... {
      state.counters.jobs.add()
      let task = job.task
      unsafe context = task == 0 ? nil : ask(task)
      unsafe state.knownTask = UnsafeMutableRawPointer(bitPattern: task)
      job.run(in: pool)
      guard count < WorkerReference.jobsInARow, !hasShares, !isLent, let next = takeOwnJob() else { break }
      job = next
    }
    state.runsJob = false
    if unsafe state.taskContext != nil { unsafe _ = ask(0) }
  }

  /// Whether the running code may belong to a task that is not yet checked for cancellation: an actor's turn is one
  /// job, and its tasks are known only while they run; and a task can be begun at once (`Task.immediate`) inside any
  /// other work.
  @inlinable
  @inline(__always)
  var mayRunUnknownTask: Bool {
    unsafe pointer.pointee.place.task != pointer.pointee.knownTask
      || pointer.pointee.runsJob && pointer.pointee.context == nil
  }

  /// Whether it does belong to one.
  var runsUnknownTask: Bool {
    unsafe mayRunUnknownTask && (state.depth == 1 || state.place.task != state.knownTask)
  }

  /// Registers the running task, if it is unknown, as the one to be checked for cancellation by what now begins on its
  /// behalf.
  /// - Returns: Whether it was unknown; if so, `forgetTask` must follow.
  @usableFromInline
  @inline(never)
  func askRunningTask() -> Bool {
    // A guest's work is not checked for its task.
    guard runsUnknownTask, role != .guest else { return false }
    let task = unsafe skein_task_current()
    unsafe state.replaced.append((context, state.knownTask))
    unsafe state.knownTask = task
    if unsafe task != nil && state.runsJob && state.depth == 1 && context == nil {
      unsafe context = ask(UInt(bitPattern: task))
    } else {
      // What has been begun for an outer task goes on asking for that one. (Without a task, this asks for none: the code
      // may destroy what a task has left.)
      let cancellation = Cancellation()
      cancellation.ask(UInt(bitPattern: task))
      let outer = unsafe context?.takeUnretainedValue()
      unsafe context = .passRetained(RunContext(parent: outer, blocked: nil, cancellation: cancellation))
    }
    return true
  }

  @usableFromInline
  @inline(never)
  func forgetTask() {
    let isOwn = unsafe context?.toOpaque() == state.taskContext?.toOpaque()
    if isOwn { unsafe _ = ask(0) } else { unsafe context?.release() }
    unsafe (context, state.knownTask) = state.replaced.removeLast()
  }

  /// Runs a closure whose task-local values a task has been made to carry. That task is none to check for cancellation.
  fileprivate static func withCarrierKnown(_ body: () -> Void) {
    guard let worker = current else { return body() }
    let outer = unsafe worker.state.knownTask
    unsafe worker.state.knownTask = worker.state.place.task
    body()
    unsafe worker.state.knownTask = outer
  }

  /// Registers a task as the one that this worker's own context checks for cancellation.
  private func ask(_ task: UInt) -> ContextReference {
    if unsafe state.taskContext == nil {
      unsafe state.taskContext = .passRetained(RunContext(parent: nil, blocked: nil, cancellation: Cancellation()))
    }
    let context = unsafe state.taskContext!
    unsafe context._withUnsafeGuaranteedRef { $0.cancellation?.ask(task) }
    return unsafe context
  }
}

extension TaskLocalCopies {
  /// Like `keeping`, for a closure that runs on a worker.
  static func keepingOnWorker(_ body: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
    if TaskLocalValues.current == .none { return body }
    return keeping { WorkerReference.withCarrierKnown(body) }
  }
}
