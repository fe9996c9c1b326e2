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

  var core: PoolCore {
    unsafeAddress { unsafe owner.address }
  }

  /// The threads of this pool.
  public var threadCount: Int { core.threadCount }

  /// Starts a pool with this many threads and otherwise default settings.
  /// - Throws: `ThreadPoolError`, if the number makes no sense or the system refuses a thread.
  public convenience init(threadCount: Int) throws(ThreadPoolError) {
    try self.init(Configuration(threadCount: threadCount))
  }

  /// Starts a pool.
  /// - Throws: `ThreadPoolError`, if a setting makes no sense or the system refuses a thread. No thread is left behind.
  public init(_ configuration: Configuration) throws(ThreadPoolError) {
    let threadCount = try configuration.validate()
    checkClosureWords()
    // Calibrated now, not in somebody's first fork.
    _ = TaskLocalValues.isSupported
    owner = PoolOwner(threadCount: threadCount, configuration: configuration)
    owner.setPool(self)
    try owner.startThreads()
  }

  /// One more handle of a pool whose first one has been released, for work that it had accepted by then.
  private init(of owner: PoolOwner) { self.owner = owner }

  deinit {
    // Nobody can submit any more, but the accepted work itself. The threads finish that and end by themselves.
    core.close()
    for thread in owner.takeThreads() { thread.detach() }
  }

  /// Finishes everything that the pool has accepted, then ends its threads and waits for them.
  ///
  /// Whoever calls it, and however often, waits for that. Work submitted after it traps with a message that says so; what the accepted work itself
  /// spawns is still part of it. A pool that is merely released does the same without being waited for.
  ///
  /// Called from a worker of another pool, it waits as a call into this pool does: what the accepted work calls back into the worker's
  /// pool is run.
  ///
  /// - Precondition: The caller is not a worker of this pool, nor does accepted work of this pool wait for it. `shared` cannot be
  ///   shut down.
  public func shutdown() {
    require(!core.isCalledByAcceptedWork, "a thread pool cannot be shut down by work that it has accepted itself")
    require(!SharedPool.isShared(self), "ThreadPool.shared cannot be shut down")
    core.close()
    if let worker = WorkerReference.current { worker.wait(forEndOf: core) } else { core.waitForEndOutsidePools() }
    for thread in owner.takeOwnThreads() { thread.join() }
    // Only now has the last of these been started.
    for thread in core.takeSpareThreads() { thread.join() }
  }
}

// MARK: - The current pool

extension ThreadPool {
  /// The pool whose worker the calling thread is; nil outside any pool.
  public static var current: ThreadPool? {
    guard let worker = WorkerReference.current else { return nil }
    return unsafe worker.pool.pool ?? ThreadPool(of: worker.pool.owner)
  }

  /// The position of the calling worker in its pool, from 0 and less than `threadCount`; nil outside any pool.
  ///
  /// A spare thread, which runs a call back into a pool while one of its workers is blocked (see `run`), has the position of that worker.
  /// So it names a place in the pool, and one thread at a time that takes part in a given loop, but is no lock: `WorkerLocal` is.
  public static var currentWorkerIndex: Int? { WorkerReference.current?.position }

  /// Lets others go first: the worker runs one piece of work that it may run here, if there is any, or else offers its processor to
  /// other threads.
  ///
  /// What may run here is what the calling code waits for, that is nothing, unless the pool's policy is `.innerWork` or `.anyWork`.
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

// MARK: - Threads

extension PoolOwner {
  /// Starts all threads, or none: when the system refuses one, those already started end again before the error is thrown.
  func startThreads() throws(ThreadPoolError) {
    for worker in core.workers {
      do throws(SystemThread.Refusal) {
        let thread = try startThread(of: worker) { core in core.runWorker(worker) }
        threads.withLock { $0.append(thread) }
      } catch {
        core.close()
        for thread in takeThreads() { thread.join() }
        throw .threadCreationFailed(started: worker.index, requested: core.threadCount, reason: error.reason)
      }
    }
  }

  /// Starts a thread of this pool.
  ///
  /// The handlers run on a worker already, and still: parallel calls that they make stay in the pool.
  /// - Parameter atEnd: Called when the thread is no worker any more.
  func startThread(
    of worker: WorkerReference, _ body: @escaping @Sendable (borrowing PoolCore) -> Void,
    atEnd: @escaping @Sendable (borrowing PoolCore) -> Void = { _ in }
  ) throws(SystemThread.Refusal) -> SystemThread {
    let position = worker.position
    core.threadsLeft.add(1, ordering: .relaxed)
    do throws(SystemThread.Refusal) {
      return try SystemThread(
        name: threadNames[position], stackSize: configuration.stackSize
      ) { [self] in
        if let set = configuration.affinity { pinCurrentThread(to: set[position % set.count]) }
        unsafe skein_worker_set(UnsafeMutableRawPointer(worker.pointer))
        unsafe worker.pointer.pointee.place = .ofThisThread
        configuration.onThreadStart?(position)
        body(core)
        configuration.onThreadExit?(position)
        skein_worker_set(nil)
        // Read by the search for a standstill.
        unsafe worker.pointer.pointee.hasEnded.store(true, ordering: .sequentiallyConsistent)
        atEnd(core)
        core.noteThreadEnd()
      }
    } catch {
      core.noteThreadEnd()
      throw error
    }
  }

  /// The pool's own threads, for whoever is the first to ask.
  func takeOwnThreads() -> [SystemThread] {
    threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
  }

  /// All threads, for whoever is the first to ask.
  func takeThreads() -> [SystemThread] { takeOwnThreads() + core.takeSpareThreads() }
}

extension PoolCore {
  /// Accepts no more work from outside; the threads end when the accepted work is finished.
  func close() {
    if lifecycle.close() { wakeEverybody() }
  }

  /// Whether all threads have ended, but for a few instructions.
  var hasEnded: Bool { threadsLeft.load(ordering: .sequentiallyConsistent) == 0 }  // pairs with `noteThreadEnd`

  func noteThreadEnd() {
    guard threadsLeft.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 else { return }
    // Who is in the list stays in its wait while the lock is held.
    waitingForEnd.withLock { waiters in for waiter in waiters { waiter.wakeFromWaiting() } }
    for waiter in outsidersWaitingForEnd.withLock({ $0 }) { waiter.parker.wake(.waiting) }
  }

  /// Blocks a thread outside any pool until all threads have ended.
  func waitForEndOutsidePools() {
    let waiter = EndOfPool()
    outsidersWaitingForEnd.withLock { $0.append(waiter) }
    waiter.parker.wait { hasEnded }
  }
}
