extension ThreadPool: TaskExecutor {
  /// Called by Swift's runtime to have a job of a task run in this pool: use `withTaskExecutorPreference(pool) { }` or `Task(executorPreference: pool) { }`.
  ///
  /// A pool runs the asynchronous code of tasks that prefer it as their executor.
  ///
  ///     await withTaskExecutorPreference(pool) {
  ///       let lines = await reader.lines()                  // suspended: no worker is held
  ///       index = lines.parallel.grouped { $0.author }      // a loop, on the worker that runs the task
  ///     }
  ///
  /// A *job*, a stretch of a task from one suspension to the next, runs on one of the pool's workers. Joins, loops and scopes in it are that worker's nested work, as
  /// in `run`; ``current`` is the pool. A job starts only on a worker that waits for nothing, never on top of other work, whatever the wait policy. One that is
  /// enqueued by another job lies with that one's worker, where others can take it; a worker starts those that lie with it in their order. Calls, detached
  /// closures and the work of loops take turns with jobs. Priorities do not change the order; a task keeps the one that it has.
  ///
  /// ``isCancelled`` tells in a job, and in the loops and scopes that it makes, whether its task is cancelled; those of them that can throw any error end at their next batch,
  /// as they do in `run`.
  ///
  /// A suspended task holds no thread, and nothing of the pool but the pool itself: tasks keep the pool that they prefer. ``shutdown()`` waits
  /// for the jobs that are enqueued, for what they enqueue from the pool's threads, and for no others: a task cannot be told that its executor has ended. So what is enqueued after the
  /// shut-down, such as the rest of a task that was suspended meanwhile, runs on Swift's global executor.
  ///
  /// While a task prefers an executor, Swift's runtime enqueues a job whenever it calls an actor, or returns from one, where it would otherwise just go on
  /// on its thread if the actor is free. So code that calls actors for next to nothing is faster without.
  ///
  /// - Complexity: An enqueued job costs some tens of nanoseconds beside what the runtime does, and no allocation but, now and then, one for a longer queue.
  public func enqueue(_ job: consuming ExecutorJob) {
    // The runtime compares executors by their identity, and jobs run under that of a pool's first handle. Where a further one exists, the first one has been
    // released, and so the pool is closed.
    if isFurtherHandle { globalConcurrentExecutor.enqueue(job) } else { core.enqueue(AsyncJob(UnownedJob(job))) }
  }
}
