internal import CSkein
internal import Synchronization

// The common part of the public overloads of `run`, whose types allow the closure to cross to another thread, and its
// result to cross back.

extension ThreadPool {
  /// Runs a closure on a worker of this pool and returns its result.
  ///
  /// SAFETY: the caller guarantees that the closure may run on another thread while this one waits, and that its result
  /// may leave that thread.
  @unsafe
  @inlinable
  func runUnchecked<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> sending Value {
    // SAFETY: one thread at a time: the worker's store comes before the end of the wait, this thread's load after it.
    nonisolated(unsafe) var result: Result<Value, Failure>?
    runWaiting {
      do throws(Failure) { unsafe result = .success(try body()) } catch { unsafe result = .failure(error) }
    }
    // SAFETY: the value has no other reference.
    nonisolated(unsafe) let value = unsafe try result!.get()
    return unsafe value
  }

  /// Runs a closure on a worker of this pool: here, if this is one, or while the calling thread waits.
  ///
  /// SAFETY: as for `runUnchecked`.
  @safe
  @usableFromInline
  @inline(never)
  func runWaiting(_ body: () -> Void) {
    if core.isCurrent { return body() }
    unsafe withClosureWords(body) { words in unsafe core.runBlocking(words) }
  }

  /// Like `runUnchecked`, but suspends the task instead of blocking the thread.
  @unsafe
  func runUncheckedSuspending<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value, _ cancellation: Cancellation = Cancellation()
  ) async throws(Failure) -> sending Value {
    // SAFETY: as in `runUnchecked`; the worker's store comes before the continuation is resumed.
    nonisolated(unsafe) var result: Result<Value, Failure>?
    await unsafe core.runSuspending(cancellation, endsAtOnce: CancellationError() is Failure) {
      if cancellation.isCancelled, let error = CancellationError() as? Failure {
        unsafe result = .failure(error)
        return
      }
      do throws(Failure) { unsafe result = .success(try body()) } catch { unsafe result = .failure(error) }
    }
    // There is no result if the closure never began. If it finished, that may have been a matter of chance.
    let isFailure = if case .failure? = unsafe result { true } else { false }
    if !isFailure, cancellation.isCancelled, let error = CancellationError() as? Failure { throw error }
    // SAFETY: the value has no other reference.
    nonisolated(unsafe) let value = unsafe try result!.get()
    return unsafe value
  }
}

extension PoolCore {
  /// Runs a closure on a worker of this pool while the calling task is suspended.
  ///
  /// The closure does not escape: it is in the frame of the suspended caller, and the worker receives its words.
  ///
  /// SAFETY: as for `ThreadPool.runUnchecked`.
  @unsafe
  @inline(never)
  fileprivate func runSuspending(_ cancellation: Cancellation, endsAtOnce: Bool, _ body: () -> Void) async {
    let context = RunContext(parent: nil, blocked: nil, cancellation: cancellation)
    let owner = unsafe self.owner
    lifecycle.accept(isPartOfAcceptedWork: isCalledByAcceptedWork)
    // SAFETY: called once, before this function returns; `body` is used again below, so its context lives until then.
    nonisolated(unsafe) let words = unsafe closureWords(body)
    // The task keeps the values while it is suspended.
    let values = TaskLocalValues.current
    let call = SuspendedCall()
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let submission = unsafe Submission(
          .borrowed(words), caller: .closure { continuation.resume() }, context: context, values: values)
        // Before the look at the cancellation, which comes before the handler's look for the call: one of the two sees the other.
        call.submission.withLock { $0 = submission }
        if endsAtOnce, cancellation.isCancelled { owner.abandon(submission) } else { inject(submission) }
      }
    } onCancel: {
      cancellation.cancel()
      if endsAtOnce, let submission = call.submission.withLock({ $0 }) { owner.abandon(submission) }
    }
    // What the call did comes before the continuation is resumed, and so before this. But the thread sanitizer does not see that where
    // the task was not suspended by then. It sees this.
    _ = call.submission.withLock { $0 }?.isDone
    if skein_never() != 0 { body() }
  }
}

/// A call for which a task is suspended.
private final class SuspendedCall: Sendable { let submission = Mutex<Submission?>(nil) }

extension PoolOwner {
  /// Ends a call, unless some worker has begun it. It may lie in the queue for a while, where nobody can claim it any more.
  fileprivate func abandon(_ call: Submission) {
    guard call.claimForNobody() else { return }
    // Before the caller goes on, who may be the last to keep the pool.
    if core.lifecycle.finish() { core.wakeEverybody() }
    call.finish()
  }
}
