internal import CSkein
internal import SkeinDeque
internal import Synchronization

// How a scope's tasks are spawned, found and run.
//
// A task is in the deque of the worker that spawns it, on top of nothing but tasks of the same scope. So its waiter,
// and a worker that runs a task of it, finds there what it may go on with. Where that is impossible, the task goes to
// the scope's overflow: if a fork, a loop or a scope is open between the scope's body, or its task, and the spawn; if
// the spawner is no worker or runs something else that was stolen; and if the scope's tasks are to start in the order
// in which they were spawned.

/// A reference to a scope while it is open.
@usableFromInline
struct ScopeHandle: BitwiseCopyable, Sendable {
  let scope: ScopeReference
  let generation: UInt32
}

// MARK: - Opening and closing

extension ScopeHandle {
  /// Waits until all tasks are finished, and ends the scope.
  @usableFromInline
  func close() {
    guard let waiter = scope.state.waiter else { return closeOutside() }
    waiter.finish(scope)
    waiter.release(scope)
  }

  /// The same for a scope that can throw.
  /// - Returns: The error of the task that was spawned first among those that threw.
  @usableFromInline
  func closeThrowing() -> (any Error)? {
    // The error is taken while the state is this scope's: it is not reused before it has been put back.
    guard let waiter = scope.state.waiter else {
      scope.waitOutside()
      defer { scope.pool.release(scope) }
      return scope.takeError()
    }
    waiter.finish(scope)
    defer { waiter.release(scope) }
    return scope.takeError()
  }

  @inline(never)
  private func closeOutside() {
    scope.waitOutside()
    scope.pool.release(scope)
  }

  /// Notes an error of the scope's body.
  @usableFromInline
  func note(_ error: any Error) {
    scope.note(error, at: scope.state.spawned.load(ordering: .relaxed))
  }
}

extension WorkerReference {
  /// Opens a scope on this worker's thread, which must close it.
  /// - Parameter isVisit: Whether this worker is a guest's that came for the scope, and leaves with it.
  @inline(__always)
  func openScope(isVisit: Bool = false) -> ScopeReference {
    let scope = unsafe state.unusedScopes.take(for: state.pool)
    scope.state.isVisit = isVisit
    scope.state.isAwaited = false
    scope.state.asksTask = mayRunUnknownTask && askRunningTask()
    scope.state.waiter = self
    unsafe scope.state.context = context
    scope.state.values = values
    scope.state.level = innerLevel
    scope.state.floor = state.forks.tail
    scope.state.countsLocally = true
    scope.state.outer = state.openScope
    scope.state.outerFloor = state.forks.taskFloor
    state.openScope = scope
    state.forks.taskFloor = scope.state.floor
    return scope
  }

  @inline(__always)
  fileprivate func finish(_ scope: ScopeReference) {
    let isQuiet = state.forks.tail == scope.state.floor && scope.state.local == 0
    if !isQuiet || !scope.close() { wait(for: scope) }
  }

  @inline(__always)
  fileprivate func release(_ scope: ScopeReference) {
    state.openScope = scope.state.outer
    state.forks.taskFloor = scope.state.outerFloor
    state.forks.settle(above: scope.state.floor)
    let (isVisit, asksTask) = (scope.state.isVisit, scope.state.asksTask)
    state.unusedScopes.put(scope)
    if isVisit { leaveAsGuest() }
    if asksTask { forgetTask() }
  }
}

extension PoolCore {
  /// Opens a scope for a thread outside any pool.
  func openScopeOutside() -> ScopeReference {
    let scope = unusedScopes.withLock { unsafe $0.take(for: owner.address) }
    scope.state.waiter = nil
    scope.state.isAwaited = false
    unsafe scope.state.context = nil
    scope.state.values = .current
    scope.state.level = 1
    return scope
  }

  fileprivate func release(_ scope: ScopeReference) { unusedScopes.withLock { $0.put(scope) } }

  /// Opens a scope for a task, which waits for it by `closeSuspending` and keeps the context alive. Until then the pool
  /// does not end.
  /// - Returns: Nil if the pool is closed, and the task is not part of the accepted work.
  func openScope(awaitedIn context: RunContext) -> ScopeReference? {
    let (isAccepted, isOver) = lifecycle.acceptIfOpen(isPartOfAcceptedWork: isCalledByAcceptedWork)
    if isOver { wakeEverybody() }
    guard isAccepted else { return nil }
    let scope = openScopeOutside()
    scope.state.isAwaited = true
    unsafe scope.state.context = .passUnretained(context)
    return scope
  }
}

extension ScopeHandle {
  /// Suspends the calling task until all tasks are finished, and ends the scope.
  /// - Returns: The error of the task that was spawned first among those that threw.
  func closeSuspending() async -> (any Error)? {
    while !scope.close() { await scope.suspendUntilFinished() }
    let error = scope.takeError()
    // The last use of the pool, which may have no other owner any more.
    let owner = unsafe scope.pool.owner
    owner.core.release(scope)
    if owner.core.lifecycle.finish() { owner.core.wakeEverybody() }
    return error
  }
}

extension ScopeReference {
  fileprivate func waitOutside() {
    while !close() { state.parker.wait { isFinished } }
  }
}

// MARK: - Spawning

extension ScopeHandle {
  /// Spawns a task; `isNumbered` if the scope can throw.
  func spawn(isNumbered: Bool, _ body: consuming @escaping @Sendable () throws -> Void) {
    guard let worker = WorkerReference.current, !worker.hasValues, scope.values == .none, worker.mayPush(of: self)
    else {
      return spawnElsewhere(isNumbered: isNumbered, body)
    }
    count(by: worker)
    worker.push(ScopeTask(body, of: scope, ordinal: isNumbered ? scope.nextOrdinal() : 0))
  }

  /// Spawns a task of any code, on any thread.
  @inline(never)
  private func spawnElsewhere(isNumbered: Bool, _ body: consuming @escaping @Sendable () throws -> Void) {
    let worker = WorkerReference.current
    count(by: worker)
    let task = scope.task(body, isNumbered: isNumbered, sees: worker?.values ?? .current)
    if let worker, worker.mayPush(of: self) { worker.push(task) } else { scope.pushAside(task, by: worker) }
  }

  /// Counts a task that is about to be spawned by code on a worker, or on no worker.
  @inline(__always)
  private func count(by worker: WorkerReference?) {
    let isByWaiter = worker != nil && scope.state.waiter == worker && isInnermost(of: worker!)
    if isByWaiter && scope.state.countsLocally { scope.state.local &+= 1 } else { scope.countOne(generation) }
  }

  /// Whether the scope is the innermost open one on a worker, which is in its body or in a task of it.
  @inline(__always)
  fileprivate func isInnermost(of worker: WorkerReference) -> Bool {
    worker.state.openScope == scope && scope.state.generation == generation
  }
}

extension ScopeReference {
  @inline(__always)
  fileprivate func nextOrdinal() -> Int { state.spawned.add(1, ordering: .relaxed).oldValue }

  fileprivate func task(
    _ body: consuming @escaping @Sendable () throws -> Void, isNumbered: Bool, sees spawnersValues: TaskLocalValues
  ) -> ScopeTask {
    let ordinal = isNumbered ? nextOrdinal() : 0
    if spawnersValues == values { return ScopeTask(body, of: self, ordinal: ordinal) }
    // Values that only the spawner sees may not exist any more when the task runs.
    let original = body
    let keeping = TaskLocalCopies.keepingOnWorker {
      do { try original() } catch { note(error, at: ordinal) }
    }
    return ScopeTask(keeping, of: self, ordinal: ordinal)
  }

  /// Puts a task that has been counted into the overflow.
  fileprivate func pushAside(_ task: ScopeTask, by worker: WorkerReference?) {
    // Once the task can be taken, the scope may end, and its pool.
    let owner = unsafe pool.owner
    let (waiter, group) = (state.waiter, group)
    let waiting = state.overflow.withLock { tasks in
      tasks.append(task)
      // Pairs with `hasOverflow`; before the check for sleepers.
      state.queued.store(tasks.count, ordering: .sequentiallyConsistent)
      return tasks.count
    }
    hint(in: owner.core, isOutsiders: waiter == nil)
    // If there is a task for every worker already, all have been woken or will wake the next one. The waiter is woken
    // first, if it waits for this scope by now: a free worker may begin something else.
    if waiting > owner.core.threadCount { return }
    if let waiter, waiter != worker, waiter.published == .group(group), waiter.wakeFromWaiting(), waiting == 1 {
      return
    }
    owner.core.wakeFreeWorker()
  }

  /// Lets workers that wait for nothing find the overflow.
  /// - Parameter isOutsiders: Whether a thread outside any pool waits for the scope, not a worker.
  fileprivate func hint(in pool: borrowing PoolCore, isOutsiders: Bool) {
    if !state.isHinted.exchange(true, ordering: .sequentiallyConsistent) {
      // A state never changes from one kind to the other while it is in a queue: see `unusedScopes`.
      if isOutsiders { pool.scopesOfOutsiders.push(self) } else { pool.scopesWithOverflow.push(self) }
    }
  }

  var hasOverflow: Bool { state.queued.load(ordering: .sequentiallyConsistent) > 0 }

  /// Takes the newest or the oldest task of the overflow.
  /// - Parameters:
  ///   - group: The name that the scope must have, if that matters.
  ///   - thief: The worker that takes it, if it waits for nothing, and another worker waits for the scope.
  @inline(__always)
  fileprivate func takeAside(newest: Bool, group: UInt64? = nil, by thief: WorkerReference? = nil) -> ScopeTask? {
    hasOverflow ? takeFromOverflow(newest: newest, group: group, by: thief) : nil
  }

  private func takeFromOverflow(newest: Bool, group: UInt64?, by thief: WorkerReference?) -> ScopeTask? {
    state.overflow.withLock { tasks in
      // Checked under the lock, and so after the beginning of the guest's call that the tasks may descend from.
      if let thief, !thief.mayTakeFromOthers { return nil }
      // Every task here was added while the state had its current name, or a newer one.
      if let group, !isOpen(as: UInt32(truncatingIfNeeded: group)) { return nil }
      let task = newest ? tasks.popLast() : tasks.popFirst()
      tasks.shrink()
      // Relaxed: a worker that sees a task which is gone looks in vain, once.
      state.queued.store(tasks.count, ordering: .relaxed)
      return task
    }
  }
}

extension WorkerReference {
  /// Whether a task of a scope may be pushed onto this worker's deque.
  @inline(__always)
  fileprivate func mayPush(of handle: ScopeHandle) -> Bool {
    let scope = handle.scope
    guard handle.isInnermost(of: self), scope.state.order == .lifo, state.forks.mayPushTask else { return false }
    // The waiter takes the overflow first, so its deque must have nothing newer.
    return scope.state.waiter != self || scope.state.queued.load(ordering: .relaxed) == 0
  }

  /// Pushes a task that has been counted.
  @inline(__always)
  fileprivate func push(_ task: ScopeTask) {
    state.forks.push(task.packed, isShown: !state.isAlone)
    if _slowPath(isExposureRequested) { answerExposureRequest() }
  }
}

// MARK: - Taking and running

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

  /// Whether another scope that no worker waits for has tasks in its overflow. (To leave this one costs more than for a
  /// call: its tasks then start in another order, which may need more memory.)
  private func areWaitingOthers(than scope: ScopeReference) -> Bool {
    let isListed = scope.state.waiter == nil && scope.state.isHinted.load(ordering: .relaxed)
    return pool.scopesOfOutsiders.approximateCount > (isListed ? 1 : 0)
  }

  /// Leaves the tasks in this worker's deque to others: those above the floor, the oldest first.
  private func pushAside(_ scope: ScopeReference) {
    state.forks.expose(.max)
    while true {
      let floor = state.forks.taskFloor
      switch state.forks.steal(accept: { index, _ in index >= floor }) {
      case .stolen(.task(let task)): scope.pushAside(ScopeTask(task), by: self)
      case .stolen(.fork): fatal("a fork lies among the tasks of a scope")
      case .lost: continue
      case .empty, .refused: return requestExposureIfLittleIsShown()
      }
    }
  }
}

// MARK: - A task on each thread

extension ScopeHandle {
  /// Spawns one task for each worker, which only that worker runs.
  func spawnOnEachThread(_ body: @escaping @Sendable (_ index: Int) throws -> Void) {
    // Counted before anything of the scope's is used, and all of them before the first can finish.
    scope.countOne(generation)
    let workers = scope.pool.workers
    for _ in 1..<workers.count { scope.countOne(generation) }
    let first = scope.state.spawned.add(workers.count, ordering: .relaxed).oldValue
    let context = unsafe scope.context?.takeUnretainedValue()
    let owner = unsafe scope.pool.owner
    owner.core.openCalls.add(1, ordering: .sequentiallyConsistent)  // pairs with `WorkerReference.publish`
    let unfinished = Countdown(workers.count)
    let (scope, values, level, group) = (scope, scope.values, scope.level, scope.group)
    for (offset, worker) in workers.enumerated() {
      owner.core.lifecycle.accept(isPartOfAcceptedWork: true)
      let share = Submission(
        .owned {
          do { try body(worker.position) } catch { scope.note(error, at: first + offset) }
        },
        caller: .closure {
          if unfinished.finishOne() { scope.pool.openCalls.subtract(1, ordering: .sequentiallyConsistent) }
          scope.finishOne()
        }, context: context, values: values, level: level, group: group, for: worker)
      worker.give(share)
    }
  }

  /// Counts down to the last share of a call on each thread.
  private final class Countdown: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) { self.count = Atomic(count) }

    func finishOne() -> Bool { count.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
  }
}
