internal import SkeinDeque
internal import Synchronization

// How a scope's tasks are found and run.
//
// A task is in the deque of the worker that spawns it, on top of nothing but tasks of the same scope. So its waiter,
// and a worker that runs a task of it, finds there what it may go on with. Where that is impossible, the task goes to
// the scope's overflow: if a fork, a loop or a scope is open between the scope's body, or its task, and the spawn; if
// the spawner is no worker or runs something else that was stolen; and if the scope's tasks are to start in the order
// in which they were spawned.

extension WorkerReference {
  /// Takes a task from the overflow of some scope, to be run by `perform`. A worker in whose place a guest works takes
  /// none that may be the guest's.
  /// - Parameter host: The worker in whose place this one works, if there is one.
  func takeTask(inPlaceOf host: WorkerReference? = nil) -> Work? {
    let host = host ?? self
    return host.takeTask(from: pool.scopesOfOutsiders, areOutsiders: true)
      ?? (host.mayTakeFromOthers ? host.takeTask(from: pool.scopesWithOverflow, areOutsiders: false) : nil)
  }

  /// The queue determines whose the scopes are. They themselves do not: a scope may end meanwhile, and its state may be
  /// another's.
  private func takeTask(from scopes: borrowing InjectionQueue<ScopeReference>, areOutsiders: Bool) -> Work? {
    while let scope = scopes.takeOldest() {
      // Before the check: a thread that adds a task after it hints again.
      scope.state.isHinted.store(false, ordering: .sequentiallyConsistent)
      let task = scope.takeAside(newest: false, by: areOutsiders ? nil : self)
      if scope.hasOverflow {
        scope.hint(in: pool, isOutsiders: areOutsiders)
        // A worker that looked while the scope was out of the queue found nothing.
        pool.wakeFreeWorker()
      }
      if let task { return .task(task) }
      if !mayTakeFromOthers { return nil }
    }
    return nil
  }

  /// Takes a task from the overflow of the scope with this name, if it is one of a scope.
  func takeTask(of group: UInt64) -> Work? {
    ScopeReference(group: group)?.takeAside(newest: false, group: group).map { .task($0) }
  }

  /// Returns the next task of a scope that this worker waits for, and whether it was in the worker's own deque.
  @inline(__always)
  private func nextTask(of scope: ScopeReference) -> (task: ScopeTask, isOwn: Bool)? {
    if let task = scope.takeAside(newest: scope.state.order == .lifo) { return (task, false) }
    guard let task = state.forks.popTask(above: scope.state.floor) else { return nil }
    return (ScopeTask(task), true)
  }

  /// Runs the tasks of a scope that this worker waits for, until all have been taken.
  ///
  /// They need no activation of their own: they belong to the work that opened the scope, in whose activation they run.
  func runTasks(of scope: ScopeReference) {
    let outerLevel = level
    level = scope.level
    while let (task, isOwn) = nextTask(of: scope) {
      state.counters.scopeTasks.add()
      task.run()
      if isOwn, scope.state.countsLocally {
        scope.state.local &-= 1
      } else {
        scope.finishOne()
      }
      if isExposureRequested { answerExposureRequest() }
    }
    level = outerLevel
    requestExposureIfLittleIsShown()
  }

  /// Returns work that a worker which waits for a scope, and has found nothing of its own to run, may still find in the
  /// scope.
  func workLeft(of scope: ScopeReference) -> Work? { nextTask(of: scope).map { .task($0.task) } }

  /// Runs a task of a scope, in an activation of the scope's group, and those that it has pushed onto this worker's
  /// deque: a worker that may run the one may run the others. All but one are counted as finished afterwards.
  func runTasks(from first: ScopeTask) {
    let scope = first.scope
    var task = first
    for count in 1... {
      state.counters.scopeTasks.add()
      task.run()
      if isWanted(after: count, of: scope) || state.depth == 1 && isStandInNoMore {
        pushAside(scope)
        return
      }
      guard let next = state.forks.popTask(above: state.forks.taskFloor) else {
        requestExposureIfLittleIsShown()
        return
      }
      scope.finishOne()
      task = ScopeTask(next)
    }
  }

  /// Whether a worker that waits for nothing, or a stand-in, has run so many tasks of a scope that it should check for
  /// other work.
  private func isWanted(after count: Int, of scope: ScopeReference) -> Bool {
    guard isBareThief || state.depth == 1 && state.blockage != nil else { return false }
    if hasShares { return true }
    guard count & 3 == 0, haveSubmissions || count & 63 == 0 && areWaitingOthers(than: scope) else { return false }
    takeSubmissionNext()
    return true
  }

  /// Whether another scope that no worker waits for has tasks in its overflow. (Such scopes may be
  /// there all the time, so this one is not left for them as often as for calls.)
  private func areWaitingOthers(than scope: ScopeReference) -> Bool {
    let isListed = scope.state.waiter == nil && scope.state.isHinted.load(ordering: .relaxed)
    return pool.scopesOfOutsiders.approximateCount > (isListed ? 1 : 0)
  }

  /// Leaves the tasks in this worker's deque to others: those above the floor. The newest is to be taken next, before
  /// all tasks that are left already: so a tree of tasks is gone through in depth, and few wait at a time.
  private func pushAside(_ scope: ScopeReference) {
    state.forks.expose(.max)
    while true {
      let floor = state.forks.taskFloor
      switch state.forks.steal(accept: { index, _ in index >= floor }) {
      case .stolen(.task(let task)): scope.pushAside(ScopeTask(task), isNext: true, by: self)
      case .stolen(.fork): fatal("a fork lies among the tasks of a scope")
      case .lost: continue
      case .empty, .refused: return requestExposureIfLittleIsShown()
      }
    }
  }
}
