/// The record of one worker: the tasks it ran, and where they came from.
///
/// A plain value that only its worker changes, so recording costs no more than the additions. Pass it on when the
/// worker is done, and evaluate all of them together as a ``StealSummary``. A ``Thief`` keeps one by itself.
public struct StealRecorder: Sendable, Hashable {
  /// The outcomes of a worker's attempts at one place: another worker's deque, or the injection queue.
  public struct Attempts: Sendable, Hashable {
    /// The number of elements taken.
    public fileprivate(set) var taken = 0
    /// The number of successful attempts.
    public fileprivate(set) var successes = 0
    /// The number of attempts that lost a race.
    public fileprivate(set) var retries = 0
    /// The number of attempts that found nothing, or too little.
    public fileprivate(set) var empties = 0

    /// Creates a record without attempts.
    public init() {}
  }

  /// The number of this worker.
  public let worker: Int
  /// The number of tasks run.
  public private(set) var tasksRun = 0
  /// The number of these tasks popped from the worker's own deque, including those that a batch had brought there.
  public private(set) var ownTasks = 0
  /// The attempts at the injection queue.
  public private(set) var injection = Attempts()
  /// The attempts at each worker, by its number.
  public private(set) var victims: [Attempts]

  /// - Parameters:
  ///   - worker: the number of this worker.
  ///   - victimCount: the number of workers; this one counts as a victim without attempts.
  public init(worker: Int, victimCount: Int) {
    self.worker = worker
    victims = Array(repeating: Attempts(), count: victimCount)
  }

  /// Counts a task as run.
  ///
  /// - Parameter own: whether it was popped from the worker's own deque, and not returned by a steal.
  public mutating func noteRun(own: Bool) {
    tasksRun += 1
    if own { ownTasks += 1 }
  }

  /// Counts a successful attempt at the injection queue, which took `count` elements.
  public mutating func noteInjected(_ count: Int) {
    injection.taken += count
    injection.successes += 1
  }

  /// Counts a lost race at the injection queue.
  public mutating func noteInjectionRetry() { injection.retries += 1 }

  /// Counts an attempt at the injection queue that found nothing.
  public mutating func noteInjectionEmpty() { injection.empties += 1 }

  /// Counts a successful attempt at a worker, which took `count` elements.
  public mutating func noteStolen(_ count: Int, from victim: Int) {
    victims[victim].taken += count
    victims[victim].successes += 1
  }

  /// Counts a lost race at a worker.
  public mutating func noteRetry(at victim: Int) { victims[victim].retries += 1 }

  /// Counts an attempt at a worker that found nothing.
  public mutating func noteEmpty(at victim: Int) { victims[victim].empties += 1 }

  /// The number of elements taken from the injection queue.
  public var injected: Int { injection.taken }
  /// The number of elements stolen from other workers.
  public var stolen: Int { victims.reduce(0) { $0 + $1.taken } }
  /// The number of successful attempts at other workers.
  public var steals: Int { victims.reduce(0) { $0 + $1.successes } }
  /// The number of lost races, at workers and the injection queue.
  public var retries: Int { victims.reduce(injection.retries) { $0 + $1.retries } }
  /// The number of attempts that found nothing, at workers and the injection queue.
  public var empties: Int { victims.reduce(injection.empties) { $0 + $1.empties } }
}
