internal import Synchronization

/// The searching and the sleeping workers of one pool. `Sleeping.md` describes the protocol; the races named there are
/// cited below.
@usableFromInline
struct Sleep: ~Copyable {
  /// Every fork reads what precedes this.
  private let paddingBefore = CachePadding()
  /// The number of workers that look for work and wait for nothing: those that are awake, and those that were woken for
  /// it.
  private let searching = Atomic<Int>(0)
  private let padding = CachePadding()
  /// The numbers of sleepers, by kind. The upper half of the first word counts reminders; see `remind`.
  private let sleepingFree = Atomic<Int>(0)
  private let sleepingWaiting = Atomic<Int>(0)
  /// The sleepers that wait for nothing, so that none has to be searched for.
  private let sleepers: Mutex<Sleepers>
  /// Whether work was exposed while only hosts of guests slept, which may not take it; written under the lock of the
  /// list, and when a worker is woken for that work later.
  private let passedOver = Atomic<Bool>(false)
  /// Whether one of the sleepers watches, and whether that is needed; see `Watching`.
  private let watched = Atomic<Bool>(false)
  private let calledLately = Atomic<Bool>(false)
  /// Whether one of the sleepers reminds those that are awake of the time.
  private let hasReminder = Atomic<Bool>(false)
  /// The maximum number of workers that look for work at once. More would only be in each other's way, and slow down
  /// those that work.
  private let mostSearching: Int
  private let threadCount: Int
  private let paddingAfter = CachePadding()

  /// (Internal, since the 6.3 compiler loses a private type in a lock of a noncopyable one.)
  struct Sleepers {
    /// The listed sleepers, some of which may be awake again. The one that fell asleep last is woken first.
    var workers: [WorkerReference] = []
    var isListed: [Bool]
  }

  init(threadCount: Int) {
    self.threadCount = threadCount
    sleepers = Mutex(Sleepers(isListed: Array(repeating: false, count: threadCount)))
    mostSearching = max(1, min(threadCount, ProcessorCount.available()) / 2)
  }

  /// Returns the number of sleepers of a kind for which work could be found.
  func count(_ kind: Parker.Kind) -> Int {
    switch kind {
    case .free: Sleep.sleepers(in: sleepingFree.load(ordering: .sequentiallyConsistent))  // pairs with `fallAsleep`
    case .waiting: sleepingWaiting.load(ordering: .sequentiallyConsistent)
    case .blocked: 0
    }
  }

  /// About how many workers are awake.
  private var awakeCount: Int {
    threadCount - Sleep.sleepers(in: sleepingFree.load(ordering: .relaxed))
      - sleepingWaiting.load(ordering: .relaxed)
  }

  /// The address of a word that changes when a worker that waits for nothing falls asleep or is woken, and at each
  /// reminder.
  ///
  /// SAFETY: An atomic cannot be copied, so this is its own address; it is valid as long as the pool.
  var attention: UnsafePointer<Atomic<Int>> { unsafe withUnsafePointer(to: sleepingFree) { unsafe $0 } }

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
  /// The number of workers that would find a job that became visible now.
  var searchingCount: Int { searching.load(ordering: .sequentiallyConsistent) }  // pairs with `stopSearching`

  /// - Returns: Whether so few look for work that this one may do so at length.
  func startSearching() -> Bool {
    searching.add(1, ordering: .sequentiallyConsistent).newValue <= mostSearching
  }

  func stopSearching() { searching.subtract(1, ordering: .sequentiallyConsistent) }

  /// Lists a worker that has announced its sleep and has not taken its last look.
  func list(_ worker: WorkerReference) {
    sleepers.withLock { sleepers in
      if worker.mayTakeFromOthers { passedOver.store(false, ordering: .sequentiallyConsistent) }
      if sleepers.isListed[worker.index] { return }
      sleepers.isListed[worker.index] = true
      sleepers.workers.append(worker)
    }
  }

  /// Wakes a sleeper to look for the work that has become visible, unless enough workers do so already.
  /// - Parameters:
  ///   - waker: The calling worker, if it is one of this pool that goes on working.
  ///   - goesOn: Whether the calling thread goes on, if it is another one.
  /// - Returns: Whether some worker looks for it.
  func sendSleeper(by waker: WorkerReference?, orOutsiderThatGoesOn goesOn: Bool) -> Bool {
    while Sleep.sleepers(in: sleepingFree.load(ordering: .sequentiallyConsistent)) > 0, !hasPassedOver {
      var count = searching.load(ordering: .sequentiallyConsistent)
      // Counted on behalf of the sleeper: until it is awake no other needs to be woken.
      repeat {
        if count >= mostSearching { return true }
        let change = searching.weakCompareExchange(
          expected: count, desired: count + 1, ordering: .sequentiallyConsistent)
        if change.exchanged { break }
        count = change.original
      } while true
      while let worker = takeSleeper() {
        let start = ticks()
        let isBetterElsewhere =
          waker == nil ? goesOn && awakeCount + 1 < Placement.processors : awakeCount < Placement.processors
        worker.state.placement.prepare(isBetterElsewhere: isBetterElsewhere)
        if worker.state.parker.send() {
          if let waker {
            waker.noteWaking(of: worker, since: start)
          } else if isBetterElsewhere {
            Placement.yieldToWoken()
          }
          return true
        }
      }
      stopSearching()
      // A thread that has made work visible meanwhile has seen the count and relied on it. A worker listed now may not
      // have seen that work; one that is listed later looks after it is listed. If those listed are hosts, that is
      // noted once more: a guest that has left since may have relied on the count, after it had cleared the note, and
      // another may have come in its place.
      if sleepers.withLock({ findGuestless(&$0) == nil }) { break }
    }
    return searchingCount > 0
  }

  private func takeSleeper() -> WorkerReference? {
    sleepers.withLock { sleepers in findGuestless(&sleepers).map { take($0, from: &sleepers) } }
  }

  /// Returns the index of the sleeper that is to be woken first, among those that are not hosts of guests.
  private func findGuestless(_ sleepers: inout Sleepers) -> Int? {
    sleepers.workers.lastIndex { $0.mayTakeFromOthers } ?? passOverHosts(among: &sleepers)
  }

  private func take(_ place: Int, from sleepers: inout Sleepers) -> WorkerReference {
    let worker = sleepers.workers.remove(at: place)
    sleepers.isListed[worker.index] = false
    return worker
  }
}

// MARK: - Watching
//
// A call from outside is usually over before a sleeper is awake, so its caller wakes none if one of the sleepers
// watches: the watcher looks every two milliseconds for exposed work. A worker begins to watch when it falls asleep
// soon after such a call, and ceases when none has come for a second. So an idle pool does nothing at all.

extension Sleep {
  static var timeBetweenLooks: UInt64 { 2_000_000 }

  /// Whether a sleeper watches. Read by a caller that has exposed its work without any order: the last watcher looks
  /// once more, two milliseconds after it has ceased.
  var isWatched: Bool { watched.load(ordering: .sequentiallyConsistent) }

  /// Notes a call from outside that would wake none if there were a watcher.
  func noteCall() { if !calledLately.load(ordering: .relaxed) { calledLately.store(true, ordering: .relaxed) } }

  /// Returns whether a call has come since this was last called.
  func hasBeenCalled() -> Bool { calledLately.exchange(false, ordering: .relaxed) }

  /// Makes a worker that falls asleep the watcher, if one is needed.
  func mayWatch() -> Bool {
    calledLately.load(ordering: .relaxed) && !watched.exchange(true, ordering: .sequentiallyConsistent)
  }

  func stopWatching() { watched.store(false, ordering: .sequentiallyConsistent) }
}

// MARK: - Reminding
//
// A batch of a loop may turn out long when all other workers have fallen asleep, and it reads the clock as rarely as its
// elements were cheap until then (see `BatchWatch`). So a worker that falls asleep beside one in a batch sleeps for half
// a millisecond, and a few times twice as long, and after each changes a word at which batches look. Before it is
// asleep for good, every batch that was open when it fell asleep has been reminded after it had become long.

extension Sleep {
  static var timesToReminders: [UInt64] { [500_000, 1_000_000, 2_000_000, 4_000_000] }

  /// What a reminder adds to the number of sleepers.
  @inlinable static var reminder: Int { 1 << 32 }

  /// The number of workers that slept and wait for nothing when the word was read at which batches look.
  @inlinable
  static func sleepers(in word: Int) -> Int { word & (reminder - 1) }

  /// Makes a worker that falls asleep the one that reminds, if there is none.
  func mayRemind() -> Bool { !hasReminder.exchange(true, ordering: .relaxed) }

  func stopReminding() { hasReminder.store(false, ordering: .relaxed) }

  /// Has all workers that are in a batch of a loop read the clock.
  func remind() { sleepingFree.wrappingAdd(Sleep.reminder, ordering: .relaxed) }
}

// MARK: - Hosts of guests

extension Sleep {
  /// Whether the guest that leaves next must wake a worker for exposed work. Until then none can be woken for that.
  var hasPassedOver: Bool { passedOver.load(ordering: .sequentiallyConsistent) }

  func forgetPassedOver() { passedOver.store(false, ordering: .sequentiallyConsistent) }

  /// - Returns: The index of a host whose guest has left by now without seeing that it must wake a worker.
  private func passOverHosts(among sleepers: inout Sleepers) -> Int? {
    if sleepers.workers.isEmpty { return nil }
    passedOver.store(true, ordering: .sequentiallyConsistent)  // before the second look; pairs with `leaveAsGuest`
    guard let place = sleepers.workers.lastIndex(where: { $0.mayTakeFromOthers }) else { return nil }
    passedOver.store(false, ordering: .sequentiallyConsistent)
    return place
  }

  /// Wakes a host for a call, which it may take, if one sleeps.
  func wakeHost() {
    while let worker = sleepers.withLock({ $0.workers.isEmpty ? nil : take($0.workers.count - 1, from: &$0) }) {
      if worker.state.parker.wake(.free) { return }
    }
  }
}
