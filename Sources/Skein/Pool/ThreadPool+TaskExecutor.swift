extension ThreadPool: TaskExecutor {
  /// Called by Swift's runtime to have a job of a task run in this pool; see <doc:Which-thread>.
  public func enqueue(_ job: consuming ExecutorJob) { owner.enqueue(job) }

  /// This pool, as Swift's runtime knows an executor.
  public func asUnownedTaskExecutor() -> UnownedTaskExecutor { unsafe core.executor }
}
