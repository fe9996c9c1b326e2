/// How long a thread looks for work in vain before it sleeps: first with pauses between the looks, then it yields its
/// processor to others.
struct Patience {
  /// The pause between two looks.
  enum Pause: Equatable {
    /// A number of short pauses of the processor.
    case moments(Int)
    /// The processor is yielded to other threads.
    case yield
  }

  private let pausing: Int
  private let yielding: Int
  /// Whether each pause is twice as long as the one before.
  private let doubles: Bool
  private var rounds = 0

  /// A worker's: a few pauses that double.
  init() { self.init(pausing: 6, yielding: 12, doubles: true) }

  private init(pausing: Int, yielding: Int, doubles: Bool) {
    self.pausing = pausing
    self.yielding = yielding
    self.doubles = doubles
  }

  /// That of a thread outside any pool which waits for its call: somewhat longer than it takes to wake a worker. Being
  /// woken in turn would take as long again.
  static var ofCaller: Patience { Patience(pausing: 128, yielding: 32, doubles: false) }

  /// None at all: that of a caller for whom a worker has to be woken. That takes so long that the caller should rather
  /// leave its processor to the worker.
  static var none: Patience { Patience(pausing: 0, yielding: 0, doubles: false) }

  /// How many times in a row the watcher of a pool (see `Sleep`) finds that no call has come before it ceases.
  static var idleLooksOfWatcher: Int { 500 }

  /// Returns what to do before the next look; nil when it is time to sleep.
  mutating func next() -> Pause? {
    if rounds == pausing + yielding { return nil }
    rounds += 1
    if rounds > pausing { return .yield }
    return .moments(doubles ? 4 << rounds : 1)
  }

  mutating func reset() { rounds = 0 }

  /// Makes the next step the end.
  mutating func lose() { rounds = pausing + yielding }
}

extension Patience.Pause {
  /// Pauses, or until `hasCome` returns true, which is checked more often than all else.
  /// - Returns: Whether it has.
  @discardableResult
  func wait(orUntil hasCome: () -> Bool = { false }) -> Bool {
    switch self {
    case .yield: yieldProcessor()
    case .moments(let count):
      for moment in 1...count {
        pause()
        if moment % 4 == 0, hasCome() { return true }
      }
    }
    return false
  }
}
