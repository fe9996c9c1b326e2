internal import Synchronization

/// Who is hungry and who sleeps, in one pool. The protocol is told in `Sleeping.md`; the races named there are cited below.
struct Sleep: ~Copyable {
  /// Workers that look for work or sleep for want of it, waiting ones included.
  private let hungry = Atomic<Int>(0)
  private let padding = CachePadding()
  /// Of those, how many sleep, by what for.
  private let sleepingFree = Atomic<Int>(0)
  private let sleepingWaiting = Atomic<Int>(0)

  /// Whether a job that became visible now would find a taker.
  var isSomebodyHungry: Bool { hungryCount > 0 }
  var hungryCount: Int { hungry.load(ordering: .sequentiallyConsistent) }  // pairs with `becomeHungry`

  func becomeHungry() { hungry.add(1, ordering: .sequentiallyConsistent) }
  func becomeFed() { hungry.subtract(1, ordering: .sequentiallyConsistent) }

  /// How many sleepers of this kind work could be found for.
  func count(_ kind: Parker.Kind) -> Int {
    switch kind {
    case .free: sleepingFree.load(ordering: .sequentiallyConsistent)  // pairs with `fallAsleep`
    case .waiting: sleepingWaiting.load(ordering: .sequentiallyConsistent)
    case .blocked: 0
    }
  }

  func fallAsleep(_ kind: Parker.Kind) {
    switch kind {
    case .free: sleepingFree.add(1, ordering: .sequentiallyConsistent)
    case .waiting: sleepingWaiting.add(1, ordering: .sequentiallyConsistent)
    case .blocked: break
    }
  }

  func getUp(_ kind: Parker.Kind) {
    switch kind {
    case .free: sleepingFree.subtract(1, ordering: .sequentiallyConsistent)
    case .waiting: sleepingWaiting.subtract(1, ordering: .sequentiallyConsistent)
    case .blocked: break
    }
  }
}

/// How long a worker looks in vain before it sleeps: a few pauses that double, then offers of the processor to others.
struct Patience {
  private var rounds = 0

  private static var pausing: Int { 6 }
  private static var yielding: Int { 12 }

  /// Waits a moment; false when it is time to sleep.
  mutating func wait() -> Bool {
    rounds += 1
    if rounds <= Patience.pausing {
      for _ in 0..<(4 << rounds) { pause() }
      return true
    }
    if rounds <= Patience.pausing + Patience.yielding {
      yieldProcessor()
      return true
    }
    return false
  }

  mutating func reset() { rounds = 0 }
}
