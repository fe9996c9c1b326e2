extension ThreadPool {
  /// Whether the task on whose behalf the calling code runs has been cancelled.
  ///
  /// On a worker, that is the task that called the asynchronous `run`, or the task that runs there itself because it
  /// prefers the pool as its executor; on a thread outside any pool, also while it takes part in its own parallel call,
  /// it is the current task.
  ///
  /// Code that a worker runs for others, such as the stolen part of a loop, runs on behalf of their task. But that of a
  /// parallel call which a task makes directly on one of Swift's own threads, and not within `run` of a pool, runs
  /// on behalf of none: there, only the part on the task's own thread sees the cancellation.
  /// `Task.isCancelled` does not reflect that: on a worker that runs no task it is always false. A task that is begun at
  /// once inside other work (`Task.immediate`) has its own cancellation, as everywhere; so far only on Linux. One case
  /// is missed: the second closure of a `join` that is called by an actor's own code or by such a task, if another
  /// worker runs it; loops and scopes there are covered.
  public static var isCancelled: Bool {
    guard let worker = WorkerReference.current, worker.role != .guest else { return Task.isCancelled }
    return worker.runsUnknownTask ? Task.isCancelled : worker.isCancelled
  }

  /// Throws `CancellationError` if `isCancelled`.
  public static func checkCancellation() throws(CancellationError) { if isCancelled { throw CancellationError() } }
}
