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
  private let owner: PoolOwner
  private let threads: Mutex<[SystemThread]?>

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
    owner = PoolOwner(threadCount: threadCount, waitPolicy: configuration.waitPolicy)
    threads = Mutex(nil)
    owner.setPool(self)
    let started = try owner.startThreads(configuration)
    threads.withLock { $0 = started }
  }

  deinit {
    // Nobody can submit any more. The threads finish what was accepted and end by themselves.
    core.close()
    if let threads = threads.withLock({ $0.take() }) {
      for thread in threads { thread.detach() }
    }
  }

  /// Finishes everything that the pool has accepted, then ends its threads and waits for them.
  ///
  /// Further calls return at once. Work submitted after it traps with a message that says so; what the accepted work itself
  /// spawns is still part of it. A pool that is merely released does the same without being waited for.
  ///
  /// - Precondition: The caller is not a worker of this pool. `shared` cannot be shut down.
  public func shutdown() {
    require(!core.isCurrent, "a thread pool cannot be shut down by one of its own threads")
    require(!SharedPool.isShared(self), "ThreadPool.shared cannot be shut down")
    core.close()
    if let threads = threads.withLock({ $0.take() }) {
      for thread in threads { thread.join() }
    }
  }
}

// MARK: - The current pool

extension ThreadPool {
  /// The pool whose worker the calling thread is; nil outside any pool.
  public static var current: ThreadPool? {
    guard let worker = WorkerReference.current else { return nil }
    return worker.pool.pool
  }

  /// The position of the calling worker in its pool, from 0; nil outside any pool.
  public static var currentWorkerIndex: Int? { WorkerReference.current?.index }

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
  func startThreads(_ configuration: ThreadPool.Configuration) throws(ThreadPoolError) -> [SystemThread] {
    var threads: [SystemThread] = []
    for index in 0..<core.threadCount {
      do throws(SystemThread.Refusal) {
        let thread = try SystemThread(
          name: configuration.threadName(index), stackSize: configuration.stackSize
        ) { [self] in
          if let set = configuration.affinity { pinCurrentThread(to: set[index % set.count]) }
          configuration.onThreadStart?(index)
          core.runWorker(index)
          configuration.onThreadExit?(index)
        }
        threads.append(thread)
      } catch {
        core.close()
        for thread in threads { thread.join() }
        throw .threadCreationFailed(started: index, requested: core.threadCount, reason: error.reason)
      }
    }
    return threads
  }
}

extension PoolCore {
  /// Accepts no more work from outside; the threads end when the accepted work is finished.
  func close() {
    if lifecycle.close() { wakeEverybody() }
  }
}
