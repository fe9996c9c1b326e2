internal import Synchronization

/// On whose behalf work runs: the chain of callers that are blocked until it is done, nearest first.
///
/// A worker that blocks in `run` of another pool makes one of these. The work it waits for carries it, and so do all jobs
/// forked there, wherever they are stolen to. When such work calls back into the blocked worker's pool, it finds the worker
/// here and puts the call into its inbox; the worker runs it where it stands (W5).
@usableFromInline
final class RunContext: Sendable {
  /// The context in which the blocked call was made.
  let parent: RunContext?
  /// The blocked worker and its pool; none for a call from a thread outside any pool.
  let blocked: WorkerReference?
  /// What the blocked worker publishes as its wait target, or zero.
  let group: UInt64
  /// That of the nearest call, this one or one further out, which can be cancelled.
  let cancellation: Cancellation?
  private let inbox = Mutex<[Submission]>([])
  private let waitingInInbox = Atomic<Int>(0)

  init(parent: RunContext?, blocked: WorkerReference?, cancellation: Cancellation? = nil) {
    self.parent = parent
    self.blocked = blocked
    group = blocked == nil ? 0 : newGroup()
    self.cancellation = cancellation ?? parent?.cancellation
  }

  /// The nearest worker of this pool that waits for the work in this context.
  func nearestBlocked(in pool: borrowing PoolCore) -> RunContext? {
    var context: RunContext? = self
    while let candidate = context {
      if let worker = candidate.blocked, worker.pool === pool { return candidate }
      context = candidate.parent
    }
    return nil
  }

  /// Whether this context belongs to the call with this group, or was made within it.
  func isPart(of group: UInt64) -> Bool {
    var context: RunContext? = self
    while let candidate = context {
      if candidate.group == group { return true }
      context = candidate.parent
    }
    return false
  }
}

// MARK: - Inbox

extension RunContext {
  /// Hands a call to the blocked worker.
  func deliver(_ submission: Submission) {
    inbox.withLock { $0.append(submission) }
    waitingInInbox.add(1, ordering: .sequentiallyConsistent)  // pairs with the load in `hasMail`
    blocked?.wakeFromWaiting()
  }

  /// Whether a call has come in; the blocked worker looks once more after it has announced its sleep.
  var hasMail: Bool { waitingInInbox.load(ordering: .sequentiallyConsistent) > 0 }

  func takeMail() -> Submission? {
    while hasMail, let submission = inbox.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
      waitingInInbox.subtract(1, ordering: .relaxed)
      if submission.claim() { return submission }
    }
    return nil
  }

  /// Ends the context, when all that was done on the caller's behalf is done. A call that was run elsewhere in a standstill may still lie
  /// in the inbox, and would keep its own context, this one's child, alive, and so this one.
  func close() { inbox.withLock { $0.removeAll() } }
}

/// Whether the task that waits for a call has been cancelled, and whether a loop has ended early for that.
final class Cancellation: Sendable {
  private let cancelled = Atomic<Bool>(false)
  private let cutShort = Atomic<Bool>(false)

  func cancel() { cancelled.store(true, ordering: .relaxed) }  // a hint: a loop sees it at one of its next batches

  /// Whether a loop that asks is to end now, before it has done everything; it is remembered that it did.
  var cutsShort: Bool {
    guard cancelled.load(ordering: .relaxed) else { return false }
    cutShort.store(true, ordering: .relaxed)  // the end of the call publishes it
    return true
  }

  var wasCutShort: Bool { cutShort.load(ordering: .relaxed) }
}

/// A context as a job carries it: not counted, since whoever is blocked keeps it alive until the job is done.
@usableFromInline
typealias ContextReference = Unmanaged<RunContext>
