internal import Synchronization

extension ThreadPool {
  /// Runs a closure on a worker of this pool and returns what it gives.
  ///
  /// The calling thread blocks until then. If it is a worker of this pool already, it just runs the closure. If it is a worker of
  /// another pool, it stays blocked, holding on to whatever its own code holds on to; calls that the closure makes back into the
  /// caller's pool are run by a spare thread of that pool. So pools may call each other in circles, with one thread each.
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
  /// When the calling task is cancelled and the closure may throw any error, the call throws `CancellationError`: at once if the closure has
  /// not begun, and otherwise when it ends. Loops in it whose closures may throw any error end at their next batch, by throwing `CancellationError`;
  /// others run to their end, as does a closure that cannot throw. So nothing ever returns a part of its answer. `ThreadPool.isCancelled` tells
  /// code in the closure, on whichever worker it runs.
  ///
  /// When the call returns or throws, the closure and all that it captured have been released by the pool.
  ///
  /// - Throws: What the closure throws, or `CancellationError`.
  @discardableResult
  public func run<Value: Sendable, Failure: Error>(
    _ body: @escaping @Sendable () throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let call = AsynchronousCall(body)
    let context = RunContext(parent: nil, blocked: nil, cancellation: call.cancellation)
    core.lifecycle.accept(isPartOfAcceptedWork: core.isCalledByAcceptedWork)
    let result: Result<Value, Failure> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        core.inject(
          Submission(
            .owned { call.perform() }, caller: .closure { continuation.resume(returning: call.takeResult()) },
            context: context))
      }
    } onCancel: {
      call.cancellation.cancel()
    }
    return try result.get()
  }
}

/// A call of the asynchronous `run`, between its caller's task and the worker that performs it.
private final class AsynchronousCall<Value: Sendable, Failure: Error>: Sendable {
  let cancellation = Cancellation()
  private let state: Mutex<State>

  private enum State {
    case waiting(@Sendable () throws(Failure) -> Value)
    case begun
    case done(Result<Value, Failure>)
  }

  init(_ body: @escaping @Sendable () throws(Failure) -> Value) { state = Mutex(.waiting(body)) }

  func perform() {
    let result = performBody()
    state.withLock { $0 = .done(result) }
  }

  /// In a function of its own, at whose end the closure is gone, with all that it holds.
  @inline(never)
  private func performBody() -> Result<Value, Failure> {
    let body = state.withLock { state in
      guard case .waiting(let body) = state else { fatal("a call was performed twice") }
      state = .begun
      return body
    }
    if let error = cancellationError { return .failure(error) }
    do throws(Failure) {
      let value = try body()
      if let error = cancellationError { return .failure(error) }
      return .success(value)
    } catch {
      return .failure(error)
    }
  }

  /// What the call is to throw now, if its task is cancelled and it can.
  private var cancellationError: Failure? { cancellation.isCancelled ? CancellationError() as? Failure : nil }

  func takeResult() -> Result<Value, Failure> {
    state.withLock { state in
      guard case .done(let result) = state else { fatal("a call has no result") }
      state = .begun
      return result
    }
  }
}

extension ThreadPool {
  /// Whether the task on whose behalf the calling code runs has been cancelled: on a worker, the task that called the asynchronous
  /// `run`; on a thread outside any pool, the current task.
  ///
  /// `Task.isCancelled` is always false on a worker, whose thread runs no task.
  public static var isCancelled: Bool { WorkerReference.current?.isCancelled ?? Task.isCancelled }

  /// Throws `CancellationError` if `isCancelled`.
  public static func checkCancellation() throws(CancellationError) { if isCancelled { throw CancellationError() } }
}
