internal import Synchronization

/// Runs an asynchronous `body`, which may spawn tasks into the scope, and returns when all of them, and those that they spawned, have finished.
///
///     await withParallelScope { scope in
///       for await page in pages { scope.spawn { render(page) } }
///     }
///
/// `body` runs where the calling code does: on its actor, if it belongs to one. The tasks it spawns are ordinary
/// synchronous work, which may call `join`, run loops and open scopes. They run on the workers of the pool that the
/// calling task prefers as its executor, also while its code runs on an actor, or otherwise on those of
/// `ThreadPool.shared`. They begin at once. The calling task takes no part in them: at the end it is suspended until
/// everything is finished. So no thread is ever blocked, and `body` may wait, by means of asynchronous code, for what
/// its tasks do.
///
/// The pool does not end before the scope does. When the calling task is cancelled, nothing ends by itself: `body` can
/// check `Task.isCancelled`, the tasks ``ThreadPool/isCancelled``, and loops in them that can throw any error end at
/// their next batch.
///
/// - Parameters:
///   - order: Matters only for tasks that are spawned by tasks of the scope; those that `body` spawns start in their
///     order.
///   - isolation: The actor on which `body` runs.
///   - body: Spawns the tasks.
/// - Complexity: The work and span of the tasks, plus O(1) for each, with a lock for those that `body` spawns.
@discardableResult
public func withParallelScope<Result>(
  order: ScopeOrder = .lifo, isolation: isolated (any Actor)? = #isolation,
  _ body: (ParallelScope<Never>) async -> Result
) async -> Result {
  let opened = OpenedScope(order)
  return await withTaskCancellationHandler {
    let result = await body(ParallelScope(opened.handle))
    _ = await opened.close()
    return result
  } onCancel: {
    opened.cancel()
  }
}

/// Runs an asynchronous `body`, which may spawn tasks that throw, and returns when all of them have finished; otherwise
/// like the form that cannot throw.
///
/// Every spawned task runs, whatever others throw.
/// - Throws: The error of the task that was spawned first among those that threw; an error of `body` itself counts as that of
///   a task spawned at that moment.
@discardableResult
@_disfavoredOverload
public func withParallelScope<Result>(
  order: ScopeOrder = .lifo, isolation: isolated (any Actor)? = #isolation,
  _ body: (ParallelScope<any Error>) async throws -> Result
) async throws -> Result {
  let opened = OpenedScope(order)
  return try await withTaskCancellationHandler {
    var result: Result?
    do { result = try await body(ParallelScope(opened.handle)) } catch { opened.handle.note(error) }
    if let error = await opened.close() { throw error }
    return result!
  } onCancel: {
    opened.cancel()
  }
}

/// A scope opened by a task: in the pool that it prefers, in the one that it runs in, or in the shared one.
private struct OpenedScope: Sendable {
  let handle: ScopeHandle
  private let context: RunContext
  private let cancellation: Cancellation

  init(_ order: ScopeOrder) {
    cancellation = Cancellation()
    let context = RunContext(parent: nil, blocked: nil, cancellation: cancellation)
    self.context = context
    // A task may outlive the pool that it prefers. It then runs elsewhere, and so do its scopes.
    handle =
      ThreadPool.preferredByTask.flatMap { .open(order, in: $0.core, context) }
      ?? WorkerReference.current.flatMap { .open(order, in: $0.pool, context) }
      ?? .open(order, in: ThreadPool.shared.core, context)!
  }

  func cancel() { cancellation.cancel() }

  /// Suspends the task until the scope has ended; returns the error of the task that was spawned first among those that
  /// threw.
  func close() async -> (any Error)? {
    let error = await handle.closeSuspending()
    // The tasks refer to the context by its address.
    withExtendedLifetime(context) {}
    return error
  }
}

extension ScopeHandle {
  fileprivate static func open(
    _ order: ScopeOrder, in pool: borrowing PoolCore, _ context: RunContext
  ) -> ScopeHandle? {
    guard let scope = pool.openScope(awaitedIn: context) else { return nil }
    scope.state.order = order
    scope.state.spawned.store(0, ordering: .relaxed)
    return ScopeHandle(scope: scope, generation: scope.state.generation)
  }
}
