internal import CSkein

extension ThreadPool {
  /// Runs a closure on a worker of this pool until a point in time, and suspends the calling task until it is done. No thread is blocked meanwhile.
  ///
  ///     let moves = try await pool.run(until: .now + .milliseconds(50)) { try board.moves.parallel.map { m throws in try m.score() }.max() }
  ///
  /// When the deadline has passed, everything goes on as if the calling task had been cancelled: a closure that has not begun is not run; loops in it whose closures may
  /// throw any error end at their next batch; ``isCancelled`` is true, on whichever worker its code runs. What was made so far is destroyed. But the call throws
  /// ``DeadlinePassed`` then, also if the closure came to its end after the deadline: whatever is returned was ready in time.
  ///
  /// The call returns when a worker has ended the closure, or has found that it need not begin it. So it lasts longer than the deadline by a batch of a loop, by the
  /// code outside of such loops, and, if all workers are busy, until one is free.
  ///
  /// - Throws: `DeadlinePassed`; `CancellationError` if the task was cancelled and the deadline has not passed; or what the closure throws.
  @discardableResult
  public func run<Value>(
    until deadline: ContinuousClock.Instant, _ body: sending () throws -> sending Value
  ) async throws -> sending Value {
    let cancellation = Cancellation(deadline: skeinClock(deadline))
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
    // SAFETY: nobody else has it.
    nonisolated(unsafe) let value = try outcome.get()
    return unsafe value
  }

  /// What `run(until:)` throws when its deadline has passed before its closure has ended.
  public struct DeadlinePassed: Error, Equatable {
    /// An error of this kind.
    public init() {}
  }
}

/// A point in time by the clock of `Cancellation`, at once if it has passed.
private func skeinClock(_ instant: ContinuousClock.Instant) -> UInt64 {
  // The clock of the result is read first: if this thread is held up between the two, the deadline comes early, not late.
  let now = skein_clock_nanoseconds()
  let left = (instant - .now).components
  if left.seconds < 0 || left.attoseconds < 0 { return 0 }
  // A century is never.
  let nanoseconds =
    left.seconds > 3_000_000_000
    ? UInt64.max : UInt64(left.seconds) * 1_000_000_000 + UInt64(left.attoseconds / 1_000_000_000)
  let (sum, overflows) = nanoseconds.addingReportingOverflow(now)
  return overflows ? .max : sum
}
