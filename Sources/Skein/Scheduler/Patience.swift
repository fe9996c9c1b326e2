/// How long a worker looks in vain before it sleeps: a few pauses that double, then offers of the processor to others.
struct Patience {
  private var rounds = 0

  private static var pausing: Int { 6 }
  private static var yielding: Int { 12 }

  /// Waits a moment, or until `hasCome` says that something has come for which it is asked more often than for all else; false when it is time to
  /// sleep.
  mutating func wait(orUntil hasCome: () -> Bool = { false }) -> Bool {
    rounds += 1
    if rounds <= Patience.pausing {
      for _ in 0..<(1 << rounds) {
        for _ in 0..<4 { pause() }
        if hasCome() { return true }
      }
      return true
    }
    if rounds <= Patience.pausing + Patience.yielding {
      yieldProcessor()
      return true
    }
    return false
  }

  mutating func reset() { rounds = 0 }

  /// Lets the next `wait` say that it is time to sleep.
  mutating func lose() { rounds = Patience.pausing + Patience.yielding }
}

extension Patience {
  /// How often a thread outside any pool looks whether its call is done, with a pause after each look but the last few, before it sleeps: some
  /// time longer than it takes to wake a worker. To be woken in its turn would take as long again.
  static var looksOfCaller: Int { 160 }
  static var pausesOfCaller: Int { 128 }

  /// How often in a row the watcher of a pool (see `Sleep`) finds that no call has come, before it ceases.
  static var idleLooksOfWatcher: Int { 500 }
}
