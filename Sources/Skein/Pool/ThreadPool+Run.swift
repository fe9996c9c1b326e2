extension ThreadPool {
  /// Runs a closure on a worker of this pool and returns what it gives.
  ///
  /// The calling thread blocks until then. If it is a worker of this pool already, it just runs the closure. If it is a worker of
  /// another pool, it stays blocked, holding on to whatever its own code holds on to, and runs only calls that the closure
  /// makes back into the caller's pool: pools may call each other in circles, with one thread each.
  ///
  /// - Throws: What the closure throws.
  @discardableResult
  @available(*, noasync, message: "'run' blocks its thread; use 'await pool.run { }'")
  public func run<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    if core.isCurrent { return try body() }
    var result: Swift.Result<Result, Failure>?
    unsafe withClosureWords({
      do throws(Failure) { result = .success(try body()) } catch { result = .failure(error) }
    }) { words in
      unsafe core.runBlocking(words)
    }
    return try result!.get()
  }

  /// Runs a closure on a worker of this pool and suspends the calling task until it is done. No thread is blocked meanwhile.
  ///
  /// When the calling task is cancelled, loops in the closure stop at their next batch. What such a loop returns is not its answer, so
  /// the call then throws `CancellationError` if its closure may throw any error; if it may not, look at `Task.isCancelled`
  /// before you use what it returned.
  ///
  /// - Throws: What the closure throws.
  @discardableResult
  public func run<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let cancellation = Cancellation()
    let context = RunContext(parent: nil, blocked: nil, cancellation: cancellation)
    core.lifecycle.accept(isPartOfAcceptedWork: false)
    let result: Result<Value, Failure> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        core.inject(
          Submission(
            .owned {
              do throws(Failure) {
                continuation.resume(returning: .success(try body()))
              } catch {
                continuation.resume(returning: .failure(error))
              }
            }, caller: .nobody, context: context))
      }
    } onCancel: {
      cancellation.cancel()
    }
    if cancellation.wasCutShort, let error = CancellationError() as? Failure { throw error }
    return try result.get()
  }
}
