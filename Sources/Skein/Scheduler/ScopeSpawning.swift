internal import Synchronization

// How tasks are spawned into a scope.

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
    let seesScopesValues = (WorkerReference.current?.values ?? .current) == values
    for (offset, worker) in workers.enumerated() {
      owner.core.lifecycle.accept(isPartOfAcceptedWork: true)
      let run = { @Sendable in
        do { try body(worker.position) } catch { scope.note(error, at: first + offset) }
      }
      let share = Submission(
        .owned(seesScopesValues ? run : TaskLocalCopies.keepingOnWorker(run)),
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
