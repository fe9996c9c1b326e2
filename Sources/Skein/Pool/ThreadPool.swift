internal import CSkein
internal import Synchronization

/// A fixed set of threads that share work by stealing it from each other.
///
/// Most programs need only `ThreadPool.shared`, which everything in this module uses when it is called from a thread
/// outside any pool. Code that already runs in a pool stays in it.
///
/// ## The promise about waiting
/// A worker that waits, for the stolen half of a `join`, for a scope, for a loop or for a call into another pool, runs only work
/// that the wait depends on. So a thread inside an iteration of a loop never begins another iteration of that loop, a pool of *P*
/// threads never has more than *P* iterations of one loop begun and unfinished, and a lock held across a parallel call cannot be
/// taken twice by one thread. `WaitPolicy` offers the other choices.
public final class ThreadPool: Sendable {
  let owner: PoolOwner
  /// Whether this is a handle of a pool whose first handle has been released.
  let isFurtherHandle: Bool

  var core: PoolCore {
    unsafeAddress { unsafe owner.address }
  }

  /// The number of threads in this pool.
  public var threadCount: Int { core.threadCount }

  /// Starts a pool with this many threads and otherwise default settings.
  /// - Throws: `ThreadPoolError`, if the number is invalid or the system refuses a thread.
  public convenience init(threadCount: Int) throws(ThreadPoolError) {
    try self.init(Configuration(threadCount: threadCount))
  }

  /// Starts a pool.
  /// - Throws: `ThreadPoolError`, if a setting is invalid or the system refuses a thread. No thread is left behind.
  public init(_ configuration: Configuration) throws(ThreadPoolError) {
    let threadCount = try configuration.validate()
    checkClosureWords()
    // Calibrated now rather than in the first fork.
    _ = TaskLocalValues.isSupported
    isFurtherHandle = false
    owner = PoolOwner(threadCount: threadCount, configuration: PoolSettings(configuration))
    owner.setPool(self)
    do throws(StartRefusal) {
      try owner.startThreads()
    } catch {
      throw .threadCreationFailed(started: error.started, requested: threadCount, reason: error.reason)
    }
  }

  /// Creates a further handle of a pool whose first one has been released, for work that it had accepted by then.
  private init(of owner: PoolOwner) {
    self.owner = owner
    isFurtherHandle = true
  }

  deinit {
    // Only the accepted work itself can still submit. The threads finish that and end by themselves.
    core.close()
    for thread in owner.takeThreads() { thread.detach() }
  }

  /// Finishes everything that the pool has accepted, then ends its threads and waits for them.
  ///
  /// All callers wait for that, however often it is called. Work submitted afterwards traps with a message that says
  /// so; what the accepted work itself spawns is still accepted. A pool that is merely released does the same without
  /// being waited for.
  ///
  /// Called from a worker of another pool, it waits like a call into this pool: calls that the accepted work makes back
  /// into the worker's pool are run.
  ///
  /// - Precondition: The caller is not a worker of this pool, nor does accepted work of this pool wait for it. `shared` cannot be
  ///   shut down.
  public func shutdown() {
    require(!core.isCalledByAcceptedWork, "a thread pool cannot be shut down by work that it has accepted itself")
    require(!SharedPool.isShared(self), "ThreadPool.shared cannot be shut down")
    core.close()
    if let worker = WorkerReference.current { worker.wait(forEndOf: core) } else { core.waitForEndOutsidePools() }
    for thread in owner.takeOwnThreads() { thread.join() }
    // Only now has the last spare thread been started.
    for thread in core.takeSpareThreads() { thread.join() }
  }
}

// MARK: - The current pool

extension ThreadPool {
  /// The pool that the calling thread is a worker of; nil outside any pool. A thread outside any pool is in ``shared``
  /// while it runs a parallel call.
  public static var current: ThreadPool? {
    guard let worker = WorkerReference.current else { return nil }
    if let pool = worker.pool.pool { return unsafe unsafeDowncast(pool, to: ThreadPool.self) }
    return unsafe ThreadPool(of: worker.pool.owner)
  }

  /// The position of the calling worker in its pool, from 0 and less than `threadCount`; nil outside any pool.
  ///
  /// A spare thread, which runs a call back into a pool while one of its workers is blocked (see `run`), has the
  /// position of that worker. So does a thread from outside any pool, during a parallel call, which has the position of
  /// the worker in whose place it works. So the index stands for a place in the pool, which one thread at a time has
  /// among those that take part in a given loop; but it does not lock anything: for that there is `WorkerLocal`.
  public static var currentWorkerIndex: Int? { WorkerReference.current?.position }

  /// Lets others go first: the worker runs one piece of work that it may run here, if there is any; otherwise it yields
  /// its processor to other threads.
  ///
  /// Only work that the calling code waits for may run here, so none, unless the pool's policy is `.innerWork` or
  /// `.anyWork`.
  @discardableResult
  public static func yield() -> Bool {
    guard let worker = WorkerReference.current else {
      yieldProcessor()
      return false
    }
    worker.exposeAll()
    if let work = worker.workForYield() {
      worker.perform(work)
      return true
    }
    yieldProcessor()
    return false
  }
}
