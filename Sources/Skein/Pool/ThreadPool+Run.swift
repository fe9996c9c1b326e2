extension ThreadPool {
  /// Runs a closure on a worker of this pool and returns its result.
  ///
  /// The calling thread blocks until then. If it is a worker of this pool already, it just runs the closure. If it is a
  /// worker of another pool, it stays blocked, and so keeps the locks and the like that its own code holds; calls that
  /// the closure makes back into the caller's pool are run by a spare thread of that pool. So pools may call each other
  /// in circles, with one thread each.
  ///
  /// The closure is sent to another thread. It may change variables of the function around it, which waits; captures
  /// that are not `Sendable` must not be used afterwards; the state of an actor, including the main actor, must not be
  /// used in it. Its result may be returned whether `Sendable` or not. See <doc:Which-thread>.
  ///
  /// In asynchronous functions the overload that suspends is chosen, and the compiler asks for `await`. So write
  /// `await` in closures, too: one in which nothing is awaited, such as `Task { pool.run { } }`, is synchronous, and
  /// this overload blocks the task's thread. Two places count as synchronous even so, with a warning that nothing is
  /// awaited: the top level of `main.swift`, and closures whose written type has `throws` and no `async`
  /// (`Task { () throws -> Int in … }`; write `() async throws -> Int`).
  ///
  /// - Throws: The error of the closure.
  @discardableResult
  @inlinable
  public func run<Result, Failure: Error>(
    _ body: sending () throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    unsafe try runUnchecked(body)
  }

  /// Runs a function whose result is `Sendable` on a worker of this pool and returns its result: `pool.run(loadIndex)`.
  ///
  /// Otherwise like the form whose result need not be `Sendable`.
  /// - Throws: The error of the function.
  @discardableResult
  @_disfavoredOverload
  @inlinable
  public func run<Result: Sendable, Failure: Error>(
    _ body: sending () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try runUnchecked(body)
  }

  /// Runs a closure on a worker of this pool and suspends the calling task until it is done. No thread is blocked meanwhile.
  ///
  /// The closure may capture and return the same as in the form that blocks. The caller keeps the captures: when the
  /// call is over, the pool holds no reference to them.
  ///
  /// When the calling task is cancelled and the closure may throw any error, the call throws `CancellationError`: at
  /// once if the closure has not begun, and otherwise when it ends. Loops in it whose closures may throw any error end
  /// at their next batch, by throwing `CancellationError`; others run to their end, as does a closure that cannot
  /// throw. So no partial result is ever returned. Code in the closure can check `ThreadPool.isCancelled`, on any
  /// worker.
  ///
  /// - Throws: The error of the closure, or `CancellationError`.
  @discardableResult
  public func run<Value, Failure: Error>(
    _ body: sending () throws(Failure) -> sending Value
  ) async throws(Failure) -> sending Value {
    unsafe try await runUncheckedSuspending(body)
  }

  /// Runs a function whose result is `Sendable` on a worker of this pool and suspends the calling task until it is done.
  /// - Throws: The error of the function.
  @discardableResult
  @_disfavoredOverload
  public func run<Value: Sendable, Failure: Error>(
    _ body: sending () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    unsafe try await runUncheckedSuspending(body)
  }
}
