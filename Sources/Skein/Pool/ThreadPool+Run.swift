extension ThreadPool {
  /// Runs a closure on a worker of this pool and returns what it gives.
  ///
  /// The calling thread blocks until then. If it is a worker of this pool already, it just runs the closure. If it is a worker of
  /// another pool, it stays blocked, holding on to whatever its own code holds on to; calls that the closure makes back into the
  /// caller's pool are run by a spare thread of that pool. So pools may call each other in circles, with one thread each.
  ///
  /// The closure is sent to another thread. It may change variables of the function around it, which waits; what it captures that
  /// is not `Sendable` must not be used afterwards; state of an actor, the main actor's too, stays out of it. What is made inside may be
  /// given back, `Sendable` or not. See <doc:Which-thread>.
  ///
  /// In asynchronous code the overload that suspends is chosen, and the compiler asks for `await`. Only the top level of `main.swift`
  /// counts as synchronous where overloads are chosen: there `await pool.run { }` compiles and gives the result, but blocks, and the
  /// compiler remarks that nothing is awaited. In a function it suspends.
  ///
  /// - Throws: What the closure throws.
  @discardableResult
  public func run<Result, Failure: Error>(
    _ body: sending () throws(Failure) -> sending Result
  ) throws(Failure) -> sending Result {
    unsafe try runUnchecked(body)
  }

  /// Runs a function whose result is `Sendable` on a worker of this pool and returns what it gives: `pool.run(loadIndex)`.
  ///
  /// Otherwise as the form whose result need not be `Sendable`.
  /// - Throws: What the function throws.
  @discardableResult
  @_disfavoredOverload
  public func run<Result: Sendable, Failure: Error>(
    _ body: sending () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    unsafe try runUnchecked(body)
  }

  /// Runs a closure on a worker of this pool and suspends the calling task until it is done. No thread is blocked meanwhile.
  ///
  /// What the closure may capture and give back is the same as in the form that blocks. The caller keeps what it captures: when the
  /// call is over, the pool holds on to nothing of it.
  ///
  /// When the calling task is cancelled and the closure may throw any error, the call throws `CancellationError`: at once if the
  /// closure has not begun, and otherwise when it ends. Loops in it whose closures may throw any error end at their next batch, by
  /// throwing `CancellationError`; others run to their end, as does a closure that cannot throw. So nothing ever returns a part of its answer.
  /// `ThreadPool.isCancelled` tells code in the closure, on whichever worker it runs.
  ///
  /// - Throws: What the closure throws, or `CancellationError`.
  @discardableResult
  public func run<Value, Failure: Error>(
    _ body: sending () throws(Failure) -> sending Value
  ) async throws(Failure) -> sending Value {
    unsafe try await runUncheckedSuspending(body)
  }

  /// Runs a function whose result is `Sendable` on a worker of this pool and suspends the calling task until it is done.
  /// - Throws: What the function throws.
  @discardableResult
  @_disfavoredOverload
  public func run<Value: Sendable, Failure: Error>(
    _ body: sending () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    unsafe try await runUncheckedSuspending(body)
  }
}
