internal import Synchronization

/// Who looks for work and who sleeps, in one pool. The protocol is told in `Sleeping.md`; the races named there are cited below.
struct Sleep: ~Copyable {
  /// What lies before, every fork reads.
  private let paddingBefore = CachePadding()
  /// How many workers look for work, that wait for nothing: those that are awake, and those that were woken for it.
  private let searching = Atomic<Int>(0)
  private let padding = CachePadding()
  /// How many sleep, by what for.
  private let sleepingFree = Atomic<Int>(0)
  private let sleepingWaiting = Atomic<Int>(0)
  /// Those that wait for nothing, so that nobody has to look for one.
  private let sleepers: Mutex<Sleepers>
  /// How many may look for work at once. More would only be in each other's way, and in that of those who work.
  private let mostSearching: Int
  private let paddingAfter = CachePadding()

  /// (Internal, since the 6.3 compiler loses a private type in a lock of a noncopyable one.)
  struct Sleepers {
    /// Some of them may be awake again. The one that fell asleep last is woken first.
    var workers: [WorkerReference] = []
    var isListed: [Bool]
  }

  init(threadCount: Int) {
    sleepers = Mutex(Sleepers(isListed: Array(repeating: false, count: threadCount)))
    mostSearching = max(1, min(threadCount, ProcessorCount.available()) / 2)
  }

  /// How many sleepers of this kind work could be found for.
  func count(_ kind: Parker.Kind) -> Int {
    switch kind {
    case .free: sleepingFree.load(ordering: .sequentiallyConsistent)  // pairs with `fallAsleep`
    case .waiting: sleepingWaiting.load(ordering: .sequentiallyConsistent)
    case .blocked: 0
    }
  }

  /// Where the number of sleepers is that wait for nothing.
  ///
  /// SAFETY: An atomic cannot be copied, so this is its own address; it is good as long as the pool.
  var freeSleepers: UnsafePointer<Atomic<Int>> { unsafe withUnsafePointer(to: sleepingFree) { unsafe $0 } }

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

// MARK: - Searching

extension Sleep {
  /// How many would find a job that became visible now.
  var searchingCount: Int { searching.load(ordering: .sequentiallyConsistent) }  // pairs with `stopSearching`

  /// - Returns: Whether so few look for work that this one may take its time.
  func startSearching() -> Bool {
    searching.add(1, ordering: .sequentiallyConsistent).newValue <= mostSearching
  }

  func stopSearching() { searching.subtract(1, ordering: .sequentiallyConsistent) }

  /// Lists a worker that has announced its sleep and has not looked for the last time.
  func list(_ worker: WorkerReference) {
    sleepers.withLock { sleepers in
      if sleepers.isListed[worker.index] { return }
      sleepers.isListed[worker.index] = true
      sleepers.workers.append(worker)
    }
  }

  /// Wakes somebody to look for the work that has become visible, unless enough do so already.
  /// - Returns: Whether somebody looks for it.
  func sendSleeper() -> Bool {
    while sleepingFree.load(ordering: .sequentiallyConsistent) > 0 {
      var count = searching.load(ordering: .sequentiallyConsistent)
      // Counted on behalf of the sleeper: until it is awake nobody else needs to be woken.
      repeat {
        if count >= mostSearching { return true }
        let change = searching.weakCompareExchange(
          expected: count, desired: count + 1, ordering: .sequentiallyConsistent)
        if change.exchanged { break }
        count = change.original
      } while true
      while let worker = takeSleeper() { if unsafe worker.pointer.pointee.parker.send() { return true } }
      stopSearching()
      // Whoever has made work visible meanwhile has seen the count and relied on it. Who is listed now may not have seen that work; who
      // is listed later looks after it is.
      if sleepers.withLock({ $0.workers.isEmpty }) { break }
    }
    return searchingCount > 0
  }

  private func takeSleeper() -> WorkerReference? {
    sleepers.withLock { sleepers in
      guard let worker = sleepers.workers.popLast() else { return nil }
      sleepers.isListed[worker.index] = false
      return worker
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

  /// Lets the next `wait` say that it is time to sleep.
  mutating func lose() { rounds = Patience.pausing + Patience.yielding }
}
