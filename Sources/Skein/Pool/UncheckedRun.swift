internal import CSkein

// The common part of the public overloads of `run`, whose types allow the closure to cross to another thread, and its
// result to cross back.

extension ThreadPool {
  /// Runs a closure on a worker of this pool and returns its result.
  ///
  /// SAFETY: the caller guarantees that the closure may run on another thread while this one waits, and that its result
  /// may leave that thread.
  @unsafe
  func runUnchecked<Value, Failure: Error>(_ body: () throws(Failure) -> Value) throws(Failure) -> sending Value {
    // SAFETY: one thread at a time: the worker's store comes before the end of the wait, this thread's load after it.
    nonisolated(unsafe) var result: Result<Value, Failure>?
    if core.isCurrent {
      do throws(Failure) { unsafe result = .success(try body()) } catch { unsafe result = .failure(error) }
    } else {
      unsafe withClosureWords({
        do throws(Failure) { unsafe result = .success(try body()) } catch { unsafe result = .failure(error) }
      }) { words in
        unsafe core.runBlocking(words)
      }
    }
    // SAFETY: the value has no other reference.
    nonisolated(unsafe) let value = unsafe try result!.get()
    return unsafe value
  }

  /// Like `runUnchecked`, but suspends the task instead of blocking the thread.
  @unsafe
  func runUncheckedSuspending<Value, Failure: Error>(
    _ body: () throws(Failure) -> Value, _ cancellation: Cancellation = Cancellation()
  ) async throws(Failure) -> sending Value {
    // SAFETY: as in `runUnchecked`; the worker's store comes before the continuation is resumed.
    nonisolated(unsafe) var result: Result<Value, Failure>?
    await unsafe core.runSuspending(cancellation) {
      if cancellation.isCancelled, let error = CancellationError() as? Failure {
        unsafe result = .failure(error)
        return
      }
      do throws(Failure) { unsafe result = .success(try body()) } catch { unsafe result = .failure(error) }
    }
    // Even if the closure finished, which may have been a matter of chance.
    if cancellation.isCancelled, case .success = unsafe result!, let error = CancellationError() as? Failure {
      throw error
    }
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
  fileprivate func runSuspending(_ cancellation: Cancellation, _ body: () -> Void) async {
    let context = RunContext(parent: nil, blocked: nil, cancellation: cancellation)
    lifecycle.accept(isPartOfAcceptedWork: isCalledByAcceptedWork)
    // SAFETY: called once, before this function returns; `body` is used again below, so its context lives until then.
    nonisolated(unsafe) let words = unsafe closureWords(body)
    // The task keeps the values while it is suspended.
    let values = TaskLocalValues.current
    var call: Submission?
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let submission = unsafe Submission(
          .borrowed(words), caller: .closure { continuation.resume() }, context: context, values: values)
        call = submission
        inject(submission)
      }
    } onCancel: {
      cancellation.cancel()
    }
    // The call's effects come before the continuation is resumed, and so before this. But the thread sanitizer does not
    // see that where the task was not suspended by then. It sees this.
    _ = call?.isDone
    if skein_never() != 0 { body() }
  }
}
