internal import Synchronization

extension ThreadPool {
  /// The pool for all calls from threads outside any pool. It starts at its first use and lasts as long as the process.
  ///
  /// Traps if its threads cannot be started, or if `SKEIN_THREADS` is not a number of threads; call `configureShared(_:)` first to
  /// have an error thrown instead.
  public static var shared: ThreadPool { SharedPool.get() }

  /// Starts the shared pool with these settings.
  /// - Throws: `ThreadPoolError.sharedPoolAlreadyConfigured` once the pool has been used or configured; otherwise an
  ///   error of `ThreadPool.init`, after which it can be tried again.
  public static func configureShared(_ configuration: Configuration) throws(ThreadPoolError) {
    try SharedPool.configure(configuration)
  }
}

/// The one pool of the process.
enum SharedPool {
  private static let pool = Mutex<ThreadPool?>(nil)
  /// SAFETY: written once, under the lock, before `isStarted` is released; read after `isStarted` has been acquired.
  private nonisolated(unsafe) static var started: ThreadPool?
  private static let isStarted = Atomic<Bool>(false)

  /// The pool's state, reached without counting a reference: the pool lasts as long as the process.
  static var core: PoolCore {
    unsafeAddress {
      if !isStarted.load(ordering: .acquiring) { _ = get() }  // pairs with `publish`
      return unsafe started!.owner.address
    }
  }

  static func get() -> ThreadPool {
    if isStarted.load(ordering: .acquiring) { return unsafe started! }  // pairs with `publish`
    return pool.withLock { pool in
      if let pool { return pool }
      do throws(ThreadPoolError) {
        let new = try ThreadPool(ThreadPool.Configuration())
        publish(new, in: &pool)
        return new
      } catch {
        fatal("the shared thread pool cannot be started: \(error)")
      }
    }
  }

  static func configure(_ configuration: ThreadPool.Configuration) throws(ThreadPoolError) {
    try pool.withLock { (pool) throws(ThreadPoolError) in
      guard pool == nil else { throw ThreadPoolError.sharedPoolAlreadyConfigured }
      publish(try ThreadPool(configuration), in: &pool)
    }
  }

  static func isShared(_ candidate: ThreadPool) -> Bool {
    guard isStarted.load(ordering: .acquiring) else { return false }  // pairs with `publish`
    return unsafe started!.owner === candidate.owner
  }

  private static func publish(_ new: ThreadPool, in pool: inout ThreadPool?) {
    pool = new
    unsafe started = new
    isStarted.store(true, ordering: .releasing)
  }
}

extension WorkerReference {
  /// Makes the calling thread, which is outside any pool, a guest of the shared pool, if possible; see Guests.swift.
  /// - Parameter site: The place of the call in the program, if the guest is to be patient where such calls are short.
  @usableFromInline
  @inline(never)
  static func comeAsGuest(at site: UInt? = nil) -> WorkerReference? { SharedPool.core.takeCallerAsGuest(at: site) }
}
