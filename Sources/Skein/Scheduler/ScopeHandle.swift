internal import Synchronization

// How scopes are opened and closed.

/// A reference to a scope while it is open.
@usableFromInline
struct ScopeHandle: BitwiseCopyable, Sendable {
  let scope: ScopeReference
  let generation: UInt32
}

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
