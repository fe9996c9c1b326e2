/// How long a thread looks in vain before it sleeps: first with pauses between the looks, then it offers its processor to others.
struct Patience {
  /// What there is between two looks.
  enum Pause: Equatable {
    /// So many times a moment.
    case moments(Int)
    /// Whoever else wants the processor has it.
    case yield
  }

  private let pausing: Int
  private let yielding: Int
  /// Whether each pause is twice as long as the one before.
  private let doubles: Bool
  private var rounds = 0

  /// That of a worker: a few pauses that double.
  init() { self.init(pausing: 6, yielding: 12, doubles: true) }

  private init(pausing: Int, yielding: Int, doubles: Bool) {
    self.pausing = pausing
    self.yielding = yielding
    self.doubles = doubles
  }

  /// That of a thread outside any pool which waits for its call: some time longer than it takes to wake a worker. To be woken in its turn would take
  /// as long again.
  static var ofCaller: Patience { Patience(pausing: 128, yielding: 32, doubles: false) }

  /// How often in a row the watcher of a pool (see `Sleep`) finds that no call has come, before it ceases.
  static var idleLooksOfWatcher: Int { 500 }

  /// What to do before the next look; nil when it is time to sleep.
  mutating func next() -> Pause? {
    if rounds == pausing + yielding { return nil }
    rounds += 1
    if rounds > pausing { return .yield }
    return .moments(doubles ? 4 << rounds : 1)
  }

  mutating func reset() { rounds = 0 }

  /// Lets the next pause be the end.
  mutating func lose() { rounds = pausing + yielding }
}

extension Patience.Pause {
  /// Waits so long, or until `hasCome` says that something has come for which it is asked more often than for all else.
  func wait(orUntil hasCome: () -> Bool = { false }) {
    switch self {
    case .yield: yieldProcessor()
    case .moments(let count):
      for moment in 1...count {
        pause()
        if moment % 4 == 0, hasCome() { return }
      }
    }
  }
}
