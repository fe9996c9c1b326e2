/// What one worker did: tasks run, and where they came from.
///
/// A plain value that its worker alone changes, so recording costs no more than the additions. Hand it over when the worker
/// is done, and look at all of them together as a ``StealSummary``. A ``Thief`` keeps one by itself.
public struct StealRecorder: Sendable, Hashable {
  /// What came of a worker's attempts at one place: another worker's deque, or the injection queue.
  public struct Attempts: Sendable, Hashable {
    /// How many elements they brought.
    public fileprivate(set) var taken = 0
    /// How many of them brought something.
    public fileprivate(set) var successes = 0
    /// How many lost a race.
    public fileprivate(set) var retries = 0
    /// How many found nothing, or too little.
    public fileprivate(set) var empties = 0

    /// None yet.
    public init() {}
  }

  /// The number of this worker.
  public let worker: Int
  /// How many tasks it ran.
  public private(set) var tasksRun = 0
  /// How many of them it had popped from its own deque, what a batch had brought there included.
  public private(set) var ownTasks = 0
  /// What happened with the injection queue.
  public private(set) var injection = Attempts()
  /// What happened with each worker, by its number.
  public private(set) var victims: [Attempts]

  /// - Parameters:
  ///   - worker: the number of this worker.
  ///   - victimCount: how many workers there are; this one counts as a victim nobody asks.
  public init(worker: Int, victimCount: Int) {
    self.worker = worker
    victims = Array(repeating: Attempts(), count: victimCount)
  }

  /// Counts a task as run.
  ///
  /// - Parameter own: whether it was popped from the worker's own deque, and not handed out by a theft.
  public mutating func noteRun(own: Bool) {
    tasksRun += 1
    if own { ownTasks += 1 }
  }

  /// Counts a successful attempt at the injection queue, which brought `count` elements.
  public mutating func noteInjected(_ count: Int) {
    injection.taken += count
    injection.successes += 1
  }

  /// Counts a lost race at the injection queue.
  public mutating func noteInjectionRetry() { injection.retries += 1 }

  /// Counts an attempt at the injection queue that found nothing.
  public mutating func noteInjectionEmpty() { injection.empties += 1 }

  /// Counts a successful attempt at a worker, which brought `count` elements.
  public mutating func noteStolen(_ count: Int, from victim: Int) {
    victims[victim].taken += count
    victims[victim].successes += 1
  }

  /// Counts a lost race at a worker.
  public mutating func noteRetry(at victim: Int) { victims[victim].retries += 1 }

  /// Counts an attempt at a worker that found nothing.
  public mutating func noteEmpty(at victim: Int) { victims[victim].empties += 1 }

  /// Elements taken from the injection queue.
  public var injected: Int { injection.taken }
  /// Elements stolen from other workers.
  public var stolen: Int { victims.reduce(0) { $0 + $1.taken } }
  /// Successful attempts at other workers.
  public var steals: Int { victims.reduce(0) { $0 + $1.successes } }
  /// Lost races, at workers and the injection queue.
  public var retries: Int { victims.reduce(injection.retries) { $0 + $1.retries } }
  /// Attempts that found nothing, at workers and the injection queue.
  public var empties: Int { victims.reduce(injection.empties) { $0 + $1.empties } }
}
