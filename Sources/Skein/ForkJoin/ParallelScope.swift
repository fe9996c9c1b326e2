internal import CSkein
internal import Synchronization

/// The handle for spawning tasks into a scope. See `withParallelScope(order:_:)`.
///
/// It may be copied into the scope's tasks, which may spawn further ones. It is useless after the scope has ended: a
/// spawn by a closure that escaped traps, with a message. The compiler cannot refuse it, since tasks capture the handle,
/// and a closure cannot capture a value that must not escape.
public struct ParallelScope<Failure: Error>: Sendable {
  let handle: ScopeHandle

  @usableFromInline
  init(_ handle: ScopeHandle) { self.handle = handle }

  /// Spawns a task that runs before the scope ends, on any worker of the pool.
  ///
  /// The task sees the task-local values of the spawning code, or those of the scope if there are none.
  ///
  /// The scope's body continues meanwhile, so the captures of a task must be `Sendable`, and it must not change
  /// variables of the body.
  ///
  /// - Complexity: O(1), one allocation for the closure's context.
  public func spawn(_ body: @escaping @Sendable () throws(Failure) -> Void) {
    handle.spawn(isNumbered: true) { try body() }
  }
}

extension ParallelScope where Failure == any Error {
  /// Spawns a task that runs before the scope ends, on any worker of the pool.
  ///
  /// - Complexity: O(1); allocates nothing but the closure's own context.
  public func spawn(_ body: consuming @escaping @Sendable () throws -> Void) {
    handle.spawn(isNumbered: true, body)
  }
}

extension ParallelScope where Failure == Never {
  /// Spawns a task that runs before the scope ends, on any worker of the pool.
  ///
  /// - Complexity: O(1); allocates nothing but the closure's own context.
  public func spawn(_ body: consuming @escaping @Sendable () -> Void) {
    handle.spawn(isNumbered: false, body)
  }
}

extension ParallelScope {
  /// Spawns one task on each thread of the scope's pool, which run before the scope ends, and see the task-local values
  /// that tasks of `spawn` would see.
  ///
  /// A busy worker runs its task when it waits for nothing, or for something that needs the scope.
  /// - Complexity: As many tasks as there are threads.
  public func spawnOnEachThread(_ body: @escaping @Sendable (_ index: Int) throws(Failure) -> Void) {
    handle.spawnOnEachThread { index in try body(index) }
  }
}

/// Runs `body`, which may spawn tasks into the scope, and returns when all of them, and those that they spawned, have finished.
///
/// `body` runs on the calling thread, whichever that is, so it may use whatever the code around it may: variables,
/// objects that are not `Sendable`, the state of the main actor. The tasks run on the workers of the caller's pool;
/// called from a thread outside any pool, on those of `ThreadPool.shared`. While the calling thread waits at the end it
/// runs only tasks of this scope and what they depend on. See <doc:Which-thread>.
///
/// `body` itself must not wait for something that a task does: tasks are not guaranteed to run before `body` ends, and
/// never do in a pool of one thread, nor when guests work in all places. See <doc:Waiting>.
///
/// A form of the same name has an asynchronous body, and is awaited. Asynchronous code uses it if the body awaits
/// something, or is marked `async`; this one may be called there, too, and blocks its thread until everything is
/// finished.
///
/// - Complexity: The work and span of the tasks, plus O(1) for each.
@discardableResult
@inlinable
@inline(__always)
public func withParallelScope<Result>(
  order: ScopeOrder = .lifo, _ body: (ParallelScope<Never>) -> Result
) -> Result {
  let handle = ScopeHandle.open(order)
  let result = body(ParallelScope(handle))
  handle.close()
  return result
}

/// Runs `body`, which may spawn tasks that throw, and returns when all of them have finished.
///
/// Every spawned task runs, whatever others throw.
/// - Throws: The error of the task that was spawned first among those that threw; an error of `body` itself counts as that of
///   a task spawned at that moment.
@discardableResult
@_disfavoredOverload
@inlinable
public func withParallelScope<Result>(
  order: ScopeOrder = .lifo, _ body: (ParallelScope<any Error>) throws -> Result
) throws -> Result {
  let handle = ScopeHandle.open(order)
  var result: Result?
  do { result = try body(ParallelScope(handle)) } catch { handle.note(error) }
  if let error = handle.closeThrowing() { throw error }
  return result!
}

extension ScopeHandle {
  /// Opens a scope on the calling thread, which must close it.
  @usableFromInline
  static func open(_ order: ScopeOrder) -> ScopeHandle {
    let scope = WorkerReference.current?.openScope() ?? openOutside(at: skein_return_address())
    scope.state.order = order
    scope.state.spawned.store(0, ordering: .relaxed)
    return ScopeHandle(scope: scope, generation: scope.state.generation)
  }

  /// Opens a scope on a thread that is no worker's.
  @inline(never)
  private static func openOutside(at site: UInt) -> ScopeReference {
    WorkerReference.comeAsGuest(at: site)?.openScope(isVisit: true) ?? ThreadPool.shared.core.openScopeOutside()
  }
}
