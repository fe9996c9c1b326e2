internal import SkeinDeque
internal import Synchronization

// The life of a worker thread that waits for nothing: it finds work, performs it, and sleeps when there is none.

extension PoolCore {
  /// The main function of a thread of the pool's own.
  func runWorker(_ worker: WorkerReference) {
    var vigil = Vigil()
    worker.state.isInLoop = true
    defer { worker.state.isInLoop = false }
    while !lifecycle.isOver {
      let work = worker.findWork()
      if work != nil {
        // Pass it on: if there is more, another worker may sleep beside it.
        if worker.stopSearching(), sleep.count(.free) > 0 || sleep.count(.waiting) > 0 || standIns.areAsleep,
          hasWorkForFree(), !mayLeaveRestToWatcher(worker)
        {
          wakeSomebodyElse(than: worker)
        }
      } else if worker.releasePool() {
        // Perhaps the pool is over.
        continue
      } else if worker.mayTakeJobs {
        if !worker.startSearching() { vigil.losePatience() }
      } else if worker.stopSearching(), hasWorkForFree() {
        // This worker may have been woken for work that it may not take.
        wakeSomebodyElse(than: worker)
      }
      switch vigil.look(hasFound: work != nil) {
      case .goOn:
        worker.perform(work!)
        worker.state.forks.leaveLargeRings()
      // A caller waits for its call to be taken. The queue is separate; to check the deques so often would slow down
      // their owners.
      case .pause(let pause): if pause.wait(orUntil: { hasCallsInQueues }) { worker.takeSubmissionNext() }
      case .announce: worker.sleepFree(&vigil)
      }
    }
    worker.stopSearching()
  }

  /// Whether no worker need be woken for what a thief has left: it is expected to be short, and the pool's watcher will
  /// see it if it is not.
  private func mayLeaveRestToWatcher(_ worker: WorkerReference) -> Bool {
    guard worker.state.loot.isFromSpared, !hasCalls, scopesWithOverflow.isEmpty else { return false }
    sleep.noteCall()
    return sleep.isWatched
  }

  /// Whether a free worker would find something: the last look before it sleeps.
  func hasWorkForFree() -> Bool {
    hasCalls || !scopesWithOverflow.isEmpty || hasJobs
  }

  /// Whether a worker that waits would find something under `.anyWork`, which allows all but jobs of Swift's tasks.
  var hasWorkForAnyWaiter: Bool {
    hasSubmissions || !scopesOfOutsiders.isEmpty || !scopesWithOverflow.isEmpty || hasJobs
  }

  /// Whether some worker exposes a job or a task.
  fileprivate var hasJobs: Bool { anyWorker { !$0.state.forks.looksEmpty } }
}

extension WorkerReference {
  /// Whether it may take any work that it finds.
  fileprivate var mayTakeJobs: Bool { !isLent && mayTakeFromOthers }

  /// Counts this worker among those that look for work, unless it is counted.
  /// - Returns: False if it is one too many.
  fileprivate func startSearching() -> Bool {
    if state.isSearching { return true }
    state.isSearching = true
    return pool.sleep.startSearching()
  }

  /// Uncounts this worker, if it is counted.
  /// - Returns: Whether it was.
  @discardableResult
  fileprivate func stopSearching() -> Bool {
    if !state.isSearching { return false }
    state.isSearching = false
    pool.sleep.stopSearching()
    return true
  }

  /// Called when this worker is about to mark a call as done, after which its caller may make the next: that caller
  /// finds this worker looking for work, and need not wake another.
  func searchAgain() {
    guard state.isInLoop && state.depth == 0 && mayTakeJobs else { return }
    if !startSearching() { stopSearching() }
  }

  /// Sleeps until there is work for a worker that waits for nothing. A worker whose place a spare thread has takes no
  /// work from others, so it must not be woken for that. Afterwards it may be counted among those that look for work,
  /// as before.
  func sleepFree(_ vigil: inout Vigil) {
    let isLent = isLent
    let kind = isLent ? Parker.Kind.blocked : .free
    pool.sleep.fallAsleep(kind)
    defer { pool.sleep.getUp(kind) }
    stopSearching()
    state.parker.announce(kind)
    if !isLent { pool.sleep.list(self) }
    // The last look comes after the announcement, see *lost wake-up* in `Sleeping.md`.
    let hasWork = isLent ? !self.isLent : mayTakeFromOthers ? hasWorkToTake() : hasWorkForHost()
    var hasSeenWork = hasWork || hasShares || pool.lifecycle.isOver
    switch vigil.lastLook(hasFound: hasSeenWork) {
    case .stayAwake:
      state.isSearching = state.parker.stayAwake()
    case .sleep where kind == .free && pool.sleep.mayWatch():
      let isSent = sleep(sleepAndWatch)
      state.isSearching = isSent ?? state.parker.stayAwake()
      // If it has been woken for something else, it may leave what was exposed to it as the watcher.
      hasSeenWork = isSent != true
      if isSent == false, !mayTakeJobs, pool.hasJobs { pool.wakeFreeWorker() }
      vigil.wake()
    case .sleep:
      state.isSearching = sleep { sleepBesideBatches(kind) }
      vigil.wake()
    }
    if state.isSearching { state.placement.arrive() }
    // The thread that has made that work visible may have relied on this worker and woken none, though there was more
    // than one piece of it. So this worker searches again: it passes on what it does not take itself.
    if hasSeenWork, mayTakeJobs { _ = startSearching() }
  }

  /// Sleeps as the pool's watcher, having announced it as a free worker: looks once in a while for work that was
  /// exposed without waking a worker.
  /// - Returns: Whether this worker has been sent to look for work; nil if it has seen some by itself, in which case
  ///   the announcement still stands.
  private func sleepAndWatch() -> Bool? {
    var idleLooks = 0
    while true {
      if idleLooks == Patience.idleLooksOfWatcher { pool.sleep.stopWatching() }
      // It looks once more after it has cleared its flag.
      if idleLooks > Patience.idleLooksOfWatcher { return state.parker.sleep(.free) }
      if let isSent = state.parker.sleep(.free, nanoseconds: Sleep.timeBetweenLooks) {
        pool.sleep.stopWatching()
        return isSent
      }
      idleLooks = pool.sleep.hasBeenCalled() && idleLooks < Patience.idleLooksOfWatcher ? 0 : idleLooks + 1
      if isBesideBatch { pool.sleep.remind() }
      guard pool.hasWorkForFree() else { continue }
      if mayTakeFromOthers {
        pool.sleep.stopWatching()
        return nil
      }
      pool.wakeFreeWorker()
    }
  }

  /// The last look of a worker that may take anything. If it spares whoever exposes a job, it may leave that to another
  /// that looks for work, and looks like this before it sleeps; or to the watcher.
  private func hasWorkToTake() -> Bool {
    pool.hasWorkForFree()
      && (seesJobs || pool.hasCalls || !pool.scopesWithOverflow.isEmpty
        || pool.sleep.searchingCount == 0 && !pool.sleep.isWatched)
  }

  /// The last look of a worker in whose place a guest works: for calls, and whether the guest is still there if there
  /// are jobs.
  private func hasWorkForHost() -> Bool {
    if pool.hasCalls { return true }
    guard pool.hasWorkForFree() else { return false }
    // The thread that exposed the jobs may have relied on this worker, before the guest came. If only hosts sleep, that
    // is noted.
    pool.wakeFreeWorker()
    return mayTakeFromOthers
  }

  /// Sleeps as announced; if others are in batches of loops, it first reminds them of the time a few times.
  /// - Returns: Whether this worker has been sent to look for work.
  @discardableResult
  func sleepBesideBatches(_ kind: Parker.Kind) -> Bool {
    guard isBesideBatch, pool.sleep.mayRemind() else { return state.parker.sleep(kind) }
    for time in Sleep.timesToReminders where isBesideBatch {
      if let isSent = state.parker.sleep(kind, nanoseconds: time) {
        pool.sleep.stopReminding()
        return isSent
      }
      pool.sleep.remind()
    }
    pool.sleep.stopReminding()
    return state.parker.sleep(kind)
  }

  /// Whether another worker is in a batch of a loop.
  private var isBesideBatch: Bool {
    pool.anyWorker { $0 != self && $0.state.isInBatch.load(ordering: .relaxed) }
  }

  /// Sleeps, visibly for the search for a standstill.
  func sleep<Result>(_ body: () -> Result) -> Result {
    state.counters.sleeps.add()
    state.sleepPhase.add(1, ordering: .sequentiallyConsistent)  // pairs with `isAsleep`
    defer { state.sleepPhase.add(1, ordering: .sequentiallyConsistent) }
    return body()
  }
}
