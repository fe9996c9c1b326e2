import InterleavingExplorer

extension Script {
  /// A scope's count, its overflow and its end.
  static let scope: [Script] = [
    Script(name: "scope: the last of two tasks, against the waiter") {
      let pool = ExploredPool(2)
      let (scope, finished) = (pool.openScope(on: 0), Tally())
      for _ in 0..<2 { scope.countOne(scope.state.generation) }
      let task = pool.on(1) { _ in
        finished.add()
        scope.finishOne()
      }
      let waiter = pool.worker(0)
      return Execution(
        threads: [
          pool.on(0) { _ in
            while !scope.close() {
              waiter.state.parker.announce(.waiting)
              if scope.isFinished {
                waiter.state.parker.stayAwake()
              } else {
                waiter.state.parker.sleep(.waiting)
              }
            }
            if finished.count != 2 { Explorer.fail("ended before its tasks") }
          }, task, task,
        ], check: { nil })
    },
    Script(name: "scope: counted by the waiter alone, and then in sight") {
      let pool = ExploredPool(2)
      let scope = pool.openScope(on: 0)
      let generation = scope.state.generation
      scope.state.local = 1
      return Execution(
        threads: [
          pool.on(0) { _ in
            scope.countInSight()
            while !scope.isFinished { Explorer.waitForOthers() }
            if !scope.close() { Explorer.fail("finished, but not closed") }
          },
          pool.on(1) { _ in
            // A task that was stolen spawns another, which is stolen in turn.
            scope.countOne(generation)
            if scope.isOpen(as: generation + 1) { Explorer.fail("ended before its tasks") }
            scope.finishOne()
            if scope.isOpen(as: generation + 1) { Explorer.fail("ended before its tasks") }
            scope.finishOne()
          },
        ], check: { nil })
    },
    // Either the spawner is in time, and the waiter waits for its task; or it traps.
    Script(name: "scope: a spawn against the end") {
      let pool = ExploredPool(2)
      let scope = pool.openScope(on: 0)
      let generation = scope.state.generation
      let (counted, finished) = (Tally(), Tally())
      return Execution(
        threads: [
          pool.on(0) { _ in
            while !scope.close() { Explorer.waitForOthers() }
            if counted.count != finished.count { Explorer.fail("ended before its task") }
          },
          {
            scope.countOne(generation)
            counted.add()
            if !scope.isOpen(as: generation) { Explorer.fail("ended before its task") }
            finished.add()
            scope.finishOne()
          },
        ], mayTrap: true, check: { scope.isOpen(as: generation) ? "open again" : nil })
    },
    twoTasks("scope: two tasks, one of which is stolen") { scope, task in
      scope.spawn(task)
      scope.spawn(task)
    },
    // The waiter's own code goes on only if somebody else begins its task.
    Script(name: "scope: a task while the other worker falls asleep", preemptionBound: 1) {
      let (pool, event) = (ExploredPool(2), Event())
      return Execution(
        threads: [
          pool.on(0) { _ in
            withParallelScope { scope in
              scope.spawn { event.happen() }
              event.await()
            }
            pool.close()
          }, pool.free(1),
        ], check: { nil })
    },
    twoTasks("scope: a task that spawns tasks") { scope, task in
      scope.spawn {
        scope.spawn(task)
        scope.spawn(task)
      }
    },
    // The spawner is no worker, so its task lies in the overflow; nobody but the waiter is there to run it.
    Script(name: "scope: a task in the overflow of a waiter that falls asleep", preemptionBound: 1) {
      let (pool, run) = (ExploredPool(1), Tally())
      let (handle, event) = (Slot<ScopeHandle>(), Event())
      return Execution(
        threads: [
          pool.on(0) { _ in
            let opened = ScopeHandle.open(.lifo)
            // Held open until the spawner's task is done.
            opened.scope.countOne(opened.generation)
            handle.value = opened
            event.happen()
            opened.close()
            if run.count != 1 { Explorer.fail("ended before its task") }
          },
          {
            event.await()
            let opened = handle.value!
            opened.spawn(isNumbered: false) {
              run.add()
              opened.scope.finishOne()
            }
          },
        ], check: { run.count == 1 ? nil : "run \(run.count) times" })
    },
    // The waiter's own code goes on only if a free worker finds the overflow.
    Script(name: "scope: a task in the overflow, for a free worker", preemptionBound: 1) {
      let (pool, event) = (ExploredPool(2), Event())
      return Execution(
        threads: [
          pool.on(0) { _ in
            let opened = ScopeHandle.open(.fifo)
            opened.spawn(isNumbered: false) { event.happen() }
            event.await()
            opened.close()
            pool.close()
          }, pool.free(1),
        ], check: { nil })
    },
  ]

  /// A worker spawns one task twice, and another one, which waits for nothing, may take part.
  private static func twoTasks(
    _ name: String, _ spawn: @escaping @Sendable (ParallelScope<Never>, @escaping @Sendable () -> Void) -> Void
  ) -> Script {
    Script(name: name, preemptionBound: 1) {
      let (pool, run) = (ExploredPool(2), Tally())
      return Execution(
        threads: [
          pool.on(0) { _ in
            withParallelScope { scope in spawn(scope) { run.add() } }
            if run.count != 2 { Explorer.fail("ended before its tasks") }
            pool.close()
          }, pool.free(1),
        ], check: { run.count == 2 ? nil : "run \(run.count) times" })
    }
  }
}

extension ExploredPool {
  /// A scope that a worker waits for, without anything that the worker knows of it.
  fileprivate func openScope(on index: Int) -> ScopeReference {
    let worker = worker(index)
    let scope = worker.state.unusedScopes.take(for: worker.state.pool)
    scope.state.waiter = worker
    scope.state.local = 0
    return scope
  }
}

/// A place for something that another thread is to find.
///
/// SAFETY: written by the thread that has the turn.
final class Slot<Value>: @unchecked Sendable { var value: Value? }
