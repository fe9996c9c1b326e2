internal import SkeinDeque
internal import Synchronization

// Threads that stand in for blocked ones. A worker that announces that it blocks (`ThreadPool.withBlocking`) gives its
// place to a spare thread meanwhile. When it goes on, the spare thread finishes what it has begun and begins nothing
// more.
//
// Why the bounds hold. A stand-in begins calls, detached closures, jobs of tasks, and tasks of scopes: never a fork,
// and so never a part of a loop that others run; only the loops that it has begun itself. As with all spare threads,
// the worker in whose place it works takes nothing from others before the stand-in is done. So of one loop there is
// still at most one iteration open for each place. (Stand-ins of stand-ins have the same place, and the same holds for
// them.)

/// The period in which a worker blocks.
final class Blockage: Sendable {
  private let ended = Atomic<Bool>(false)
  private let standIn = Mutex<WorkerReference?>(nil)

  var isOver: Bool { ended.load(ordering: .sequentiallyConsistent) }  // pairs with `end`

  /// Sets the stand-in. (From then on, that thread's parker is available: it is the worker's, which lasts as long as
  /// the pool.)
  fileprivate func stand(in worker: WorkerReference) { standIn.withLock { $0 = worker } }

  /// Called by the worker that has blocked, when it goes on.
  fileprivate func end() {
    ended.store(true, ordering: .sequentiallyConsistent)  // before the stand-in's last look, or it sees this
    _ = standIn.withLock { $0 }?.state.parker.wake(.blocked)
  }
}

/// The stand-ins of a pool.
///
/// (Its atomics are those of the standard library, even in tests that explore this module's own: blocking is not
/// explored.)
struct StandIns: ~Copyable {
  /// The maximum number of stand-ins.
  private let most: Int
  private let count = Synchronization.Atomic<Int>(0)
  /// The stand-ins that sleep for lack of work, and their number.
  private let sleepers = Synchronization.Mutex<[WorkerReference]>([])
  private let asleep = Synchronization.Atomic<Int>(0)

  init(most: Int) { self.most = most }

  /// Takes one of the permits for a stand-in.
  fileprivate func reserve() -> Bool {
    if count.add(1, ordering: .relaxed).newValue <= most { return true }
    giveBack()
    return false
  }

  fileprivate func giveBack() { count.subtract(1, ordering: .relaxed) }

  fileprivate func list(_ worker: WorkerReference) {
    asleep.add(1, ordering: .sequentiallyConsistent)  // before the last look; pairs with `areAsleep`
    sleepers.withLock { $0.append(worker) }
  }

  fileprivate func unlist(_ worker: WorkerReference) {
    sleepers.withLock { sleepers in sleepers.removeAll { $0 == worker } }
    asleep.subtract(1, ordering: .sequentiallyConsistent)
  }

  /// Whether a stand-in sleeps; read by threads that have made work visible.
  var areAsleep: Bool { asleep.load(ordering: .sequentiallyConsistent) > 0 }

  /// Wakes one, if one sleeps.
  func wake() {
    // A stand-in that is off the list and has not announced its sleep looks once more after announcing it.
    while let worker = sleepers.withLock({ $0.popLast() }) { if worker.state.parker.wake(.blocked) { return } }
  }
}

extension PoolCore {
  /// Whether there is something that a stand-in may begin.
  var hasWorkForStandIns: Bool {
    hasCalls || !scopesWithOverflow.isEmpty || anyWorker { $0.state.forks.showsTask }
  }
}

extension WorkerReference {
  /// Runs a closure that blocks, while a spare thread works in this worker's place.
  ///
  /// A guest has no place of its own: its host continues to work. A thread's start and end handlers have no stand-in: a
  /// stand-in runs them as well, and would need one in its turn. One stand-in is enough for a worker, however such
  /// closures nest.
  func withBlocking<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    guard role != .guest, state.depth > 0, !state.hasStandIn, pool.standIns.reserve() else { return try body() }
    exposeAll()
    let blockage = Blockage()
    guard pool.startStandIn(during: blockage, at: position) else {
      pool.standIns.giveBack()
      return try body()
    }
    state.hasStandIn = true
    // A worker that is alone in its pool otherwise exposes nothing. Only this thread writes its flag.
    if state.isAlone { state.exposureRequested.store(1, ordering: .relaxed) }
    defer {
      if state.isAlone { state.exposureRequested.store(0, ordering: .relaxed) }
      state.hasStandIn = false
      blockage.end()
    }
    return try body()
  }

  /// The work of a stand-in, from its start until the worker that blocked goes on.
  func standIn(during blockage: Blockage) {
    blockage.stand(in: self)
    state.blockage = blockage
    defer { state.blockage = nil }
    var vigil = Vigil()
    while !blockage.isOver {
      let work = workForStandIn()
      // If there is more, another worker may sleep beside it.
      if work != nil { pool.wakeForMore() }
      switch vigil.look(hasFound: work != nil) {
      case .goOn:
        perform(work!)
        _ = releasePool()
      case .pause(let pause): pause.wait()
      case .announce:
        pool.standIns.list(self)
        state.parker.announce(.blocked)
        // The last look comes after the announcement, see *lost wake-up* in `Sleeping.md`.
        switch vigil.lastLook(hasFound: blockage.isOver || pool.hasWorkForStandIns) {
        case .stayAwake: state.parker.stayAwake()
        case .sleep:
          sleep { _ = state.parker.sleep(.blocked) }
          vigil.wake()
        }
        pool.standIns.unlist(self)
      }
    }
    _ = releasePool()
    pool.standIns.giveBack()
    // It may have been woken for work that it leaves to others.
    pool.wakeForMore()
  }

  /// Whether this is a stand-in that must begin nothing more.
  var isStandInNoMore: Bool { state.blockage?.isOver ?? false }

  /// Returns work that a stand-in may begin: everything that no other worker waits for in a fork.
  private func workForStandIn() -> Work? {
    state.tick &+= 1
    let host = pool.workers[position]
    func task() -> Work? { takeTask(inPlaceOf: host) ?? (host.mayTakeFromOthers ? stealTask() : nil) }
    func job() -> Work? { takeJob().map { .job($0) } }
    // Each kind takes its turn.
    switch state.tick % 3 {
    case 0: return job() ?? takeSubmission() ?? task()
    case 1: return task() ?? job() ?? takeSubmission()
    default: return takeSubmission() ?? task() ?? job()
    }
  }

  /// Steals the oldest task of a scope from some worker's deque, if it is the oldest entry there.
  private func stealTask() -> Work? {
    for index in 0..<pool.workerCount {
      let victim = pool.worker(index)
      if victim == self { continue }
      while true {
        switch steal(from: victim, accept: { _, cell in cell.isTask && pool.workers[position].mayTakeFromOthers }) {
        case .stolen(let stolen): return Work(stolen, from: victim)
        case .lost: continue
        case .empty, .refused: break
        }
        break
      }
    }
    return nil
  }
}
