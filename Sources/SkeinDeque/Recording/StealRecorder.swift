/// What one worker did: tasks run, and where they came from.
///
/// A plain value that its worker alone changes, so recording costs no more than the additions. Hand it over when the worker
/// is done, and look at all of them together as a ``StealSummary``.
public struct StealRecorder: Sendable, Hashable {
  /// What happened between this worker and one victim.
  public struct Victim: Sendable, Hashable {
    /// How many elements were stolen.
    public var stolen = 0
    /// How many successful attempts that took.
    public var steals = 0
    /// How many attempts lost a race.
    public var retries = 0
    /// How many attempts found nothing, or too little.
    public var empties = 0

    /// Nothing asked of this victim yet.
    public init() {}
  }

  /// The number of this worker.
  public let worker: Int
  /// How many tasks it ran.
  public var tasksRun = 0
  /// How many elements it took from the injection queue.
  public private(set) var injected = 0
  /// How many attempts at the injection queue lost a race.
  public private(set) var injectionRetries = 0
  /// What happened with each victim.
  public private(set) var victims: [Victim]

  /// - Parameters:
  ///   - worker: the number of this worker.
  ///   - victimCount: how many workers there are; this one counts as a victim nobody asks.
  public init(worker: Int, victimCount: Int) {
    self.worker = worker
    victims = Array(repeating: Victim(), count: victimCount)
  }

  /// Counts a task as run.
  public mutating func noteRun() { tasksRun += 1 }

  /// Counts elements taken from the injection queue.
  public mutating func noteInjected(_ count: Int) { injected += count }

  /// Counts a lost race at the injection queue.
  public mutating func noteInjectionRetry() { injectionRetries += 1 }

  /// Counts a successful attempt that brought `count` elements.
  public mutating func noteStolen(_ count: Int, from victim: Int) {
    victims[victim].stolen += count
    victims[victim].steals += 1
  }

  /// Counts a lost race.
  public mutating func noteRetry(at victim: Int) { victims[victim].retries += 1 }

  /// Counts an attempt that found nothing.
  public mutating func noteEmpty(at victim: Int) { victims[victim].empties += 1 }

  /// Elements stolen from all victims.
  public var stolen: Int { victims.reduce(0) { $0 + $1.stolen } }
  /// Lost races at all victims.
  public var retries: Int { victims.reduce(0) { $0 + $1.retries } }
  /// Attempts that found nothing, at all victims.
  public var empties: Int { victims.reduce(0) { $0 + $1.empties } }
}
