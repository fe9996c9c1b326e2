extension ThreadPool {
  /// What a worker may run while it waits.
  ///
  /// A worker waits for the stolen half of a `join` or a loop, for the tasks of a scope, for other workers' shares in
  /// `onEachThread`, and for a call into another pool.
  public enum WaitPolicy: Sendable, CaseIterable {
    /// Only work that the wait depends on. The default.
    ///
    /// At most one iteration of a loop is open on each thread, however loops, scopes and pools nest; a lock or a
    /// once-initialiser may be held across a parallel call; the depth of a stack is that of the program's own nesting
    /// plus the logarithm of a loop's length in frames. A core may idle while its worker waits and all remaining work
    /// was made by others.
    case ownWork
    /// Also work of loops nested as deep as the waiting code or deeper, of any origin.
    ///
    /// Still at most one iteration of a loop is open on each thread, and fewer cores idle. But the same thread may try
    /// again to take a lock that it holds across a parallel call.
    case innerWork
    /// Anything, as in most schedulers. Nothing is bounded: iterations pile up on a waiting thread's stack.
    case anyWork
    /// Nothing: the thread sleeps. The bounds of `.ownWork` hold, and more cores idle.
    case block
  }

  /// The settings of a pool.
  public struct Configuration: Sendable {
    /// The number of threads; nil means `ThreadPool.defaultThreadCount`.
    public var threadCount: Int?
    /// The size of each thread's stack, in bytes; rounded up to whole pages.
    ///
    /// At least half a mebibyte, or the system's minimum if that is more: this suffices for every algorithm of the
    /// library, in debug builds too, besides what your closures and your own nesting take. Reductions, searches,
    /// set operations and `min(count:)` keep some elements on the stack, up to fifty in debug builds; sorts keep at
    /// most two elements of more than 64 bytes.
    public var stackSize: Int
    /// The name of each thread by its index, as debuggers and `ps` show it. Linux truncates it to 15 bytes.
    public var threadName: @Sendable (Int) -> String
    /// Called on each thread before its first work, on spare threads too, with the index of the worker in whose place
    /// it first works. It may make parallel calls, but not `onEachThread` or `spawnOnEachThread` on its own pool: a
    /// spare thread that waits for all others may itself be needed by them.
    public var onThreadStart: (@Sendable (Int) -> Void)?
    /// Called on each thread after its last work.
    public var onThreadExit: (@Sendable (Int) -> Void)?
    /// What a worker may run while it waits.
    public var waitPolicy: WaitPolicy
    /// The processors to pin the threads to, in turn; nil leaves this to the system. It has no effect on systems
    /// without pinning (Apple's).
    public var affinity: [Int]?
    /// The maximum number of threads that stand in at once for workers that block in `withBlocking`; when there are as
    /// many, its closure just blocks its worker.
    ///
    /// They are started when needed, reused, and end after two seconds without work.
    public var maximumStandIns: Int

    /// Creates settings with the given values, and defaults for the others.
    public init(
      threadCount: Int? = nil, stackSize: Int = 8 << 20,
      threadName: @escaping @Sendable (Int) -> String = { "skein-\($0)" },
      onThreadStart: (@Sendable (Int) -> Void)? = nil, onThreadExit: (@Sendable (Int) -> Void)? = nil,
      waitPolicy: WaitPolicy = .ownWork, affinity: [Int]? = nil, maximumStandIns: Int = 64
    ) {
      self.threadCount = threadCount
      self.stackSize = stackSize
      self.threadName = threadName
      self.onThreadStart = onThreadStart
      self.onThreadExit = onThreadExit
      self.waitPolicy = waitPolicy
      self.affinity = affinity
      self.maximumStandIns = maximumStandIns
    }

    /// - Returns: The number of threads.
    func validate() throws(ThreadPoolError) -> Int {
      let count = if let threadCount { threadCount } else { try ThreadPool.defaultThreadCount() }
      guard (1...ThreadPool.maximumThreadCount).contains(count) else { throw .invalidThreadCount(count) }
      let minimum = SystemThread.minimumStackSize
      guard stackSize >= minimum else { throw .invalidStackSize(stackSize, minimum: minimum) }
      if let affinity, affinity.isEmpty || affinity.contains(where: { $0 < 0 || $0 >= 1024 }) {
        throw .invalidAffinity(affinity)
      }
      guard (0...ThreadPool.maximumThreadCount).contains(maximumStandIns) else {
        throw .invalidStandInCount(maximumStandIns)
      }
      return count
    }
  }

  /// The maximum number of threads in a pool.
  public static var maximumThreadCount: Int { Ticket.maximumWorkers / 2 }

  /// Returns the default number of threads of a pool: `SKEIN_THREADS` in the environment if it is set; otherwise the
  /// number of processors that this process may use (its affinity), or fewer if a control group grants it less time.
  /// - Throws: `ThreadPoolError.invalidEnvironment` if `SKEIN_THREADS` is set to something that is not a number of threads.
  public static func defaultThreadCount() throws(ThreadPoolError) -> Int {
    guard let text = environmentVariable("SKEIN_THREADS") else {
      return min(ProcessorCount.available(), maximumThreadCount)
    }
    guard let count = Int(text), (1...maximumThreadCount).contains(count) else {
      throw .invalidEnvironment(variable: "SKEIN_THREADS", value: text)
    }
    return count
  }
}

/// The reason why a pool could not be made or configured.
public enum ThreadPoolError: Error, Equatable, CustomStringConvertible {
  /// The number of threads is less than 1 or more than `ThreadPool.maximumThreadCount`.
  case invalidThreadCount(Int)
  /// The stack is smaller than the least that the system allows and that every algorithm needs, in bytes.
  case invalidStackSize(Int, minimum: Int)
  /// The number of stand-ins is negative, or more than `ThreadPool.maximumThreadCount`.
  case invalidStandInCount(Int)
  /// The list of processors is empty or contains an impossible one.
  case invalidAffinity([Int])
  /// An environment variable is set to something that is not a number of threads.
  case invalidEnvironment(variable: String, value: String)
  /// The system refused a thread. Those started before it have ended again.
  case threadCreationFailed(started: Int, requested: Int, reason: String)
  /// `configureShared` was called after the first use of the shared pool, or twice.
  case sharedPoolAlreadyConfigured

  public var description: String {
    switch self {
    case .invalidThreadCount(let count):
      "a thread pool has between 1 and \(ThreadPool.maximumThreadCount) threads, not \(count)"
    case .invalidStackSize(let size, let minimum):
      "a thread's stack has at least \(minimum) bytes here, not \(size)"
    case .invalidStandInCount(let count):
      "a thread pool has between 0 and \(ThreadPool.maximumThreadCount) stand-ins, not \(count)"
    case .invalidAffinity(let processors):
      "the affinity names processors from 0 to 1023, at least one, not \(processors)"
    case .invalidEnvironment(let variable, let value):
      "\(variable) is '\(value)', but must be a number from 1 to \(ThreadPool.maximumThreadCount)"
    case .threadCreationFailed(let started, let requested, let reason):
      "the system refused thread \(started + 1) of \(requested): \(reason)"
    case .sharedPoolAlreadyConfigured:
      "the shared thread pool has already been configured or used"
    }
  }
}

extension PoolSettings {
  init(_ configuration: ThreadPool.Configuration) {
    self.init(
      stackSize: configuration.stackSize, threadName: configuration.threadName,
      onThreadStart: configuration.onThreadStart, onThreadExit: configuration.onThreadExit,
      waitPolicy: WaitPolicy(configuration.waitPolicy), affinity: configuration.affinity,
      maximumStandIns: configuration.maximumStandIns)
  }
}

extension WaitPolicy {
  init(_ policy: ThreadPool.WaitPolicy) {
    switch policy {
    case .ownWork: self = .ownWork
    case .innerWork: self = .innerWork
    case .anyWork: self = .anyWork
    case .block: self = .block
    }
  }
}
