extension ThreadPool {
  /// Runs a closure on a worker of this pool until a deadline, and suspends the calling task until it is done. No
  /// thread is blocked meanwhile.
  ///
  ///     let moves = try await pool.run(until: .now + .milliseconds(50)) { try board.moves.parallel.map { m throws in try m.score() }.max() }
  ///
  /// When the deadline has passed, everything continues as if the calling task had been cancelled: a closure that has
  /// not begun is not run; loops in it whose closures may throw any error end at their next batch; ``isCancelled`` is
  /// true, on any worker that runs its code. Partial results are destroyed. But the call then throws
  /// ``DeadlinePassed``, even if the closure finished after the deadline: whatever is returned was ready in time.
  ///
  /// The call returns when a worker has ended the closure, or has found that it need not begin it. So it may outlast
  /// the deadline by a batch of a loop, by the code outside of such loops, and, if all workers are busy, by the time
  /// until one is free. Time in which the machine sleeps counts, as it does for `ContinuousClock`.
  ///
  /// - Throws: `DeadlinePassed`; `CancellationError` if the task was cancelled and the deadline has not passed; or the
  ///   error of the closure.
  @discardableResult
  public func run<Value>(
    until deadline: ContinuousClock.Instant, _ body: sending () throws -> sending Value
  ) async throws -> sending Value {
    // SAFETY: the value has no other reference.
    nonisolated(unsafe) let value = unsafe try await runUnchecked(until: deadline, body)
    return unsafe value
  }

  /// Runs a function whose result is `Sendable` until a deadline: `pool.run(until: deadline, loadIndex)`.
  ///
  /// Otherwise like the form whose result need not be `Sendable`.
  @discardableResult
  @_disfavoredOverload
  public func run<Value: Sendable>(
    until deadline: ContinuousClock.Instant, _ body: sending () throws -> Value
  ) async throws -> Value {
    unsafe try await runUnchecked(until: deadline, body)
  }

  /// SAFETY: as `runUncheckedSuspending`.
  @unsafe
  private func runUnchecked<Value>(until deadline: ContinuousClock.Instant, _ body: () throws -> Value) async throws
    -> Value
  {
    let cancellation = Cancellation(deadline: deadline)
    let outcome: Result<Value, any Error>
    do { outcome = .success(unsafe try await runUncheckedSuspending(body, cancellation)) } catch {
      outcome = .failure(error)
    }
    if cancellation.isLate {
      switch outcome {
      case .success, .failure(is CancellationError): throw DeadlinePassed()
      case .failure: break
      }
    }
    return try outcome.get()
  }

  /// The error of `run(until:)` when its deadline has passed before its closure has ended.
  public struct DeadlinePassed: Error, Equatable {
    /// Creates an error of this kind.
    public init() {}
  }
}
