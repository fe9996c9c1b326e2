internal import CSkein
internal import Synchronization

/// The context of work: the chain of callers that are blocked until it is done, nearest first.
///
/// A worker that blocks in `run` of another pool makes one of these. The work it waits for carries it, and so do all
/// jobs forked there, wherever they are stolen to. When such work calls back into the blocked worker's pool, it finds
/// the worker here, and puts the call into its inbox: a spare thread of that pool, which stands in for the blocked
/// worker, runs it (W5).
@usableFromInline
final class RunContext: Sendable {
  /// The context in which the blocked call was made.
  let parent: RunContext?
  /// The blocked worker, which knows its pool; nil for a call from a thread outside any pool.
  let blocked: WorkerReference?
  /// The position of the blocked worker in its pool, which a spare thread takes meanwhile.
  let position: Int
  /// The wait target that the blocked worker publishes, or zero.
  let group: UInt64
  /// The names of the pools whose accepted work has submitted this without being blocked by it. They may be over, and
  /// gone, while this is not; a call that lies in their queues may refer to this, so it does not keep them.
  let submitters: [UInt64]
  /// The cancellation of the nearest call that can be cancelled: this one or one further out.
  let cancellation: Cancellation?
  private let inbox = Mutex(Inbox())

  private struct Inbox {
    var calls: [Submission] = []
    /// Whether a spare thread serves the inbox, or is about to.
    var isServed = false
    /// That thread's worker, once it is known.
    var server: WorkerReference?
  }

  init(
    parent: RunContext?, blocked: WorkerReference?, cancellation: Cancellation? = nil, submitters: [UInt64] = []
  ) {
    self.parent = parent
    self.blocked = blocked
    position = blocked?.position ?? 0
    group = blocked == nil ? 0 : newGroup()
    self.cancellation = cancellation ?? parent?.cancellation
    self.submitters = submitters
  }

  /// Returns the first context for which this is true: of this one, the one in which it was made, and so on.
  private func nearest(where isWanted: (RunContext) -> Bool) -> RunContext? {
    var context: RunContext? = self
    while let candidate = context, !isWanted(candidate) { context = candidate.parent }
    return context
  }

  private func isBlocked(in pool: borrowing PoolCore) -> Bool {
    guard let blocked else { return false }
    return blocked.pool === pool
  }

  /// The nearest worker of this pool that waits for the work in this context.
  func nearestBlocked(in pool: borrowing PoolCore) -> RunContext? {
    nearest { $0.isBlocked(in: pool) }
  }

  /// The names of the pools that the work in this context is part of the accepted work of, besides the one in which it
  /// runs.
  var outerPools: [UInt64] {
    var pools: Set<UInt64> = []
    for context in sequence(first: self, next: \.parent) {
      if let blocked = context.blocked { pools.insert(blocked.pool.name) }
      pools.formUnion(context.submitters)
    }
    return Array(pools)
  }

  /// Whether the work in this context is part of what this pool has accepted, though it runs in another one.
  func isPartOfWork(of pool: borrowing PoolCore) -> Bool {
    nearest { $0.isBlocked(in: pool) || $0.submitters.contains(pool.name) } != nil
  }

  /// Whether this context belongs to the call with this group, or was made within it.
  func isPart(of group: UInt64) -> Bool { nearest { $0.group == group } != nil }
}

// MARK: - Inbox

extension RunContext {
  /// Passes a call to the thread that stands in for the blocked worker, and starts one if there is none.
  ///
  /// The call is part of what the blocked worker waits for, so its stand-in is done before it goes on.
  func deliver(_ call: Submission) {
    let needsSpare = inbox.withLock { inbox in
      inbox.calls.append(call)
      defer { inbox.isServed = true }
      return !inbox.isServed
    }
    guard needsSpare, let pool = unsafe blocked?.pool.owner else { return }
    if pool.core.startSpare(forMailOf: self) { return }
    // The system refuses a thread. Any free worker of the pool may take the calls, including those that others have
    // added meanwhile; `Standstill.swift` describes who tries again.
    let calls = inbox.withLock { inbox in
      defer { inbox.calls = [] }
      inbox.isServed = false
      return inbox.calls
    }
    for call in calls { pool.core.inject(call) }
  }

  /// Returns the next call, claimed by the spare thread that serves the inbox; nil when there is none, and that thread
  /// is done.
  func nextCall(for worker: WorkerReference) -> Submission? {
    inbox.withLock { inbox in
      while !inbox.calls.isEmpty {
        let call = inbox.calls.removeFirst()
        if call.claim(by: worker) { return call }
      }
      inbox.isServed = false
      inbox.server = nil
      return nil
    }
  }

  /// Sets the spare thread that serves the inbox.
  func serve(by worker: WorkerReference?) { inbox.withLock { $0.server = worker } }

  /// Whether a spare thread serves the inbox, and which worker that is, once it is known.
  var server: (isServed: Bool, worker: WorkerReference?) { inbox.withLock { ($0.isServed, $0.server) } }

  /// Ends the context, when everything done on the caller's behalf is finished. A call that was run elsewhere in a
  /// standstill may still be in the inbox, and would keep its own context, this one's child, alive, and so this one.
  func close() { inbox.withLock { $0.calls.removeAll() } }
}

/// The cancellation state of the task on whose behalf something runs: the task that waits for a call, or that whose job
/// a worker runs.
final class Cancellation: Sendable {
  private let cancelled = Atomic<Bool>(false)
  /// The running task, to be checked for cancellation; zero if there is none.
  ///
  /// SAFETY: it is set while the task's own code is on a worker's stack, and only what that code waits for reads it; so
  /// the task is alive.
  private let task = Atomic<UInt>(0)
  /// When it counts as cancelled, if ever.
  private let deadline: ContinuousClock.Instant?
  /// What it counts as cancelled with, besides: a task, now and then, and others.
  private let lent: LentTask?
  private let outer: (Cancellation, Cancellation)?
  private let dependsOnOthers: Bool

  init(
    deadline: ContinuousClock.Instant? = nil, lent: LentTask? = nil, within outer: (Cancellation, Cancellation)? = nil
  ) {
    self.deadline = deadline
    self.lent = lent
    self.outer = outer
    dependsOnOthers = lent != nil || outer != nil
  }

  /// Whether there is a deadline, and it has passed.
  var isLate: Bool {
    guard let deadline else { return false }
    return .now >= deadline
  }

  // Relaxed: a hint, which a loop sees at one of its next batches.
  func cancel() { cancelled.store(true, ordering: .relaxed) }

  /// Relaxed: a thread that checks it has acquired this, with the work that it does for the task, since it was written
  /// before that work was exposed.
  func ask(_ asked: UInt) { task.store(asked, ordering: .relaxed) }

  var isCancelled: Bool {
    if cancelled.load(ordering: .relaxed) || isLate { return true }
    let task = asked
    if task != 0 { return unsafe skein_task_is_cancelled(UnsafeMutableRawPointer(bitPattern: task)!) }
    return dependsOnOthers && isCancelledByOthers
  }

  /// The running task that is checked, or zero.
  var asked: UInt { task.load(ordering: .relaxed) }

  @inline(never)
  private var isCancelledByOthers: Bool {
    if let lent, lent.isCancelled { return true }
    if let outer { return outer.0.isCancelled || outer.1.isCancelled }
    return false
  }
}

/// A task that is checked for cancellation by work which may outlast it, while the task's code waits.
///
/// SAFETY: it is checked under the lock, and taken back under the lock before its code goes on.
final class LentTask: Sendable {
  private let task = Mutex<UInt>(0)

  var isCancelled: Bool {
    task.withLock { task in
      unsafe task != 0 && skein_task_is_cancelled(UnsafeMutableRawPointer(bitPattern: task)!)
    }
  }

  /// Lends the task of the calling code, if there is one, until `body` has returned.
  func lend<Result, Failure: Error>(during body: () throws(Failure) -> Result) throws(Failure) -> Result {
    guard let worker = WorkerReference.current, worker.role != .guest else {
      return try unsafe lend(UInt(bitPattern: skein_task_current()), during: body)
    }
    let asksTask = worker.mayRunUnknownTask && worker.askRunningTask()
    defer { if asksTask { worker.forgetTask() } }
    let asked = unsafe worker.context?._withUnsafeGuaranteedRef { $0.cancellation?.asked }
    return try lend(asked ?? 0, during: body)
  }

  private func lend<Result, Failure: Error>(
    _ here: UInt, during body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    if here == 0 { return try body() }
    task.withLock { $0 = here }
    defer { task.withLock { $0 = 0 } }
    return try body()
  }
}

/// A context as a job carries it: without reference counting. It is valid until the job is done, since the call that it
/// belongs to is kept alive, by its blocked caller or by the worker that performs it, until everything forked in it has
/// been joined.
@usableFromInline
typealias ContextReference = Unmanaged<RunContext>
