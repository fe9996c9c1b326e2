internal import Synchronization

/// Keeps a closure together with copies of the task-local values that are seen where it is made, for a closure that may run when the
/// `withValue` around that place has returned.
///
/// The copies are made by the runtime, as for any `Task`: there is no other way that it offers. The task is run on the thread that
/// asks for it, not by the system's executor; this is the executor that it is given to instead.
final class TaskLocalCopies: TaskExecutor {
  private let job = Mutex<UnownedJob?>(nil)

  private init() {}

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    self.job.withLock { $0 = job }
  }

  /// A closure that does the same with copies of the values that are seen now. It has to be called just once, on any thread.
  ///
  /// Without values, or where they cannot be carried, this is the closure itself. Otherwise it runs in a task of its own, which
  /// nobody can cancel.
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
