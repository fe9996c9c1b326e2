internal import Synchronization

/// Combines a closure with copies of the current task-local values, for a closure that may run after the surrounding
/// `withValue` has returned.
///
/// The runtime makes the copies, as for any `Task`, since it offers no other way. The task is run on the thread that
/// requests it, not by the system's executor; this is the executor that it is given instead.
final class TaskLocalCopies: TaskExecutor {
  private let job = Mutex<UnownedJob?>(nil)

  private init() {}

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    self.job.withLock { $0 = job }
  }

  /// Returns a closure that does the same with copies of the current values. It must be called exactly once, on any
  /// thread.
  ///
  /// Without values, or where they cannot be carried, this is the closure itself. Otherwise it runs in a task of its
  /// own, which cannot be cancelled.
  ///
  /// - Complexity: linear in the number of values; about half a microsecond.
  static func keeping(_ body: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
    guard TaskLocalValues.current != .none else { return body }
    let copies = TaskLocalCopies()
    _ = Task<Void, Never>(executorPreference: copies) { body() }
    return {
      guard let job = copies.job.withLock({ $0.take() }) else { fatal("a closure with task-local values ran twice") }
      unsafe job.runSynchronously(on: copies.asUnownedTaskExecutor())
    }
  }
}
