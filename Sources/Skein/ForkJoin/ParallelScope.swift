internal import Synchronization

/// In which order the tasks of a scope are started by the worker that waits for it.
public enum ScopeOrder: Sendable {
  /// The newest first: best for data that is still in the cache, and for trees of tasks, whose waiting tasks stay few.
  case lifo
  /// The oldest first.
  case fifo
}

/// The handle by which tasks are spawned into a scope. See `withParallelScope(order:_:)`.
///
/// It may be copied into the scope's tasks, which may spawn further ones. It is of no use after the scope has ended: a spawn from
/// a closure that got away traps.
public struct ParallelScope<Failure: Error>: Sendable {
  private let core: ScopeCore
  private let errors: ScopeErrors<Failure>

  init(core: ScopeCore, errors: ScopeErrors<Failure>) {
    self.core = core
    self.errors = errors
  }

  /// Spawns a task that runs before the scope ends, on any worker of the pool.
  ///
  /// The task sees the task-local values that are seen where it is spawned, or those of the scope if there are none.
  ///
  /// The scope's body goes on meanwhile, so a task captures only what is `Sendable`, and changes no variables of the body.
  ///
  /// - Complexity: O(1), one allocation for the closure's context.
  public func spawn(_ body: @escaping @Sendable () throws(Failure) -> Void) {
    let ordinal = core.newOrdinal()
    core.spawn { [errors] in
      do throws(Failure) {
        try body()
      } catch {
        errors.note(error, at: ordinal)
      }
    }
  }
}

extension ParallelScope where Failure == Never {
  /// Spawns a task that runs before the scope ends, on any worker of the pool.
  ///
  /// - Complexity: O(1); allocates nothing but the closure's own context.
  public func spawn(_ body: @escaping @Sendable () -> Void) {
    core.newOrdinal()
    core.spawn(body)
  }
}

extension ParallelScope {
  /// Spawns one task on each thread of the scope's pool, which run before the scope ends. A worker that is busy runs its task when it
  /// waits for nothing, or for something that needs the scope.
  /// - Complexity: As many tasks as there are threads.
  public func spawnOnEachThread(_ body: @escaping @Sendable (_ index: Int) throws(Failure) -> Void) {
    core.spawnOnEachThread { [errors] ordinal, index in
      do throws(Failure) {
        try body(index)
      } catch {
        errors.note(error, at: ordinal)
      }
    }
  }
}

/// The error that a scope will throw: the one of the task that was spawned first.
final class ScopeErrors<Failure: Error>: Sendable {
  private let first = Mutex<(ordinal: Int, error: Failure)?>(nil)

  func note(_ error: Failure, at ordinal: Int) {
    first.withLock { first in
      if let known = first, known.ordinal <= ordinal { return }
      first = (ordinal, error)
    }
  }

  func throwFirst() throws(Failure) {
    if let (_, error) = first.withLock({ $0 }) { throw error }
  }
}

/// Runs `body`, which may spawn tasks into the scope, and returns when all of them, and those that they spawned, have finished.
///
/// `body` runs on the calling thread, whichever that is, so it may use whatever the code around it may: variables, objects that are not
/// `Sendable`, the state of the main actor. The tasks run on the workers of the caller's pool; called from a thread outside any pool, on
/// those of `ThreadPool.shared`. While a worker waits at the end it runs tasks of this scope and what they depend on, nothing
/// else; a thread outside any pool sleeps. See <doc:Which-thread>.
///
/// - Complexity: The work and span of the tasks, plus O(1) for each.
@available(*, noasync, message: "use 'await pool.run { }' around it")
@discardableResult
public func withParallelScope<Result>(
  order: ScopeOrder = .lifo, _ body: (ParallelScope<Never>) -> Result
) -> Result {
  runScope(order: order, body)
}

/// Runs `body`, which may spawn tasks that throw, and returns when all of them have finished.
///
/// Every spawned task runs, whatever others throw.
/// - Throws: The error of the task that was spawned first among those that threw; an error of `body` itself counts as that of
///   a task spawned at that moment.
@available(*, noasync, message: "use 'await pool.run { }' around it")
@discardableResult
@_disfavoredOverload
public func withParallelScope<Result>(
  order: ScopeOrder = .lifo, _ body: (ParallelScope<any Error>) throws -> Result
) throws -> Result {
  try runScope(order: order, body)
}

private func runScope<Result, Failure>(
  order: ScopeOrder, _ body: (ParallelScope<Failure>) throws(Failure) -> Result
) throws(Failure) -> Result {
  let worker = WorkerReference.current
  let core = unsafe ScopeCore(order: order, waiter: worker, in: worker?.pool.owner ?? ThreadPool.shared.owner)
  let errors = ScopeErrors<Failure>()
  var result: Result?
  do throws(Failure) {
    result = try body(ParallelScope(core: core, errors: errors))
  } catch {
    errors.note(error, at: core.spawnCount)
  }
  core.finishOne()
  core.wait()
  try errors.throwFirst()
  return result!
}
