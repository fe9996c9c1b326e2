extension ThreadPool {
  /// Whether the task on whose behalf the calling code runs has been cancelled: on a worker, the task that called the asynchronous
  /// `run`; on a thread outside any pool, also while it takes part in its own parallel call, the current task.
  ///
  /// `Task.isCancelled` is always false on a worker, whose thread runs no task.
  public static var isCancelled: Bool {
    guard let worker = WorkerReference.current, worker.role != .guest else { return Task.isCancelled }
    return worker.isCancelled
  }

  /// Throws `CancellationError` if `isCancelled`.
  public static func checkCancellation() throws(CancellationError) { if isCancelled { throw CancellationError() } }
}
