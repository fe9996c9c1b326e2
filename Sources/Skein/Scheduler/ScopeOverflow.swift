internal import SkeinDeque
internal import Synchronization

// The tasks of a scope that are in no deque.

extension ScopeReference {
  /// Puts a task that has been counted into the overflow.
  /// - Parameter isNext: Whether others are to take it next, as if it were the oldest.
  func pushAside(_ task: ScopeTask, isNext: Bool = false, by worker: WorkerReference?) {
    // Once the task can be taken, the scope may end, and its pool.
    let owner = unsafe pool.owner
    let (waiter, group) = (state.waiter, group)
    let waiting = state.overflow.withLock { tasks in
      if isNext { tasks.prepend(task) } else { tasks.append(task) }
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
    owner.core.wakeFreeWorkerAndGoOn(worker)
  }

  /// Lets workers that wait for nothing find the overflow.
  /// - Parameter isOutsiders: Whether a thread outside any pool waits for the scope, not a worker.
  func hint(in pool: borrowing PoolCore, isOutsiders: Bool) {
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
  func takeAside(newest: Bool, group: UInt64? = nil, by thief: WorkerReference? = nil) -> ScopeTask? {
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
