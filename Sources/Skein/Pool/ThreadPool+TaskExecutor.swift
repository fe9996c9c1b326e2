extension ThreadPool: TaskExecutor {
  /// Runs a job of a task in this pool. Called by Swift's runtime: use `withTaskExecutorPreference(pool) { }` or
  /// `Task(executorPreference: pool) { }`.
  ///
  /// A pool runs the asynchronous code of tasks that prefer it as their executor.
  ///
  ///     await withTaskExecutorPreference(pool) {
  ///       let lines = await reader.lines()                  // suspended: no worker is held
  ///       index = lines.parallel.grouped { $0.author }      // a loop, on the worker that runs the task
  ///     }
  ///
  /// A *job*, a stretch of a task from one suspension to the next, runs on one of the pool's workers. Joins, loops and
  /// scopes in it are that worker's nested work, as in `run`; ``current`` is the pool. A job starts only on a worker
  /// that waits for nothing, never on top of other work, whatever the wait policy. A job enqueued by another job goes
  /// to that one's worker, where others can steal it; a worker starts its own jobs in order. Calls, detached closures
  /// and the work of loops take turns with jobs. Priorities do not change the order; a task keeps its priority.
  ///
  /// In a job, and in its loops and scopes, ``isCancelled`` is whether its task is cancelled; those that can throw any
  /// error end at their next batch, as they do in `run`.
  ///
  /// A suspended task holds no thread; it only keeps the pool that it prefers alive. ``shutdown()`` waits for the jobs
  /// that are enqueued, for those that they enqueue from the pool's threads, and for no others: a task cannot be told
  /// that its executor has ended. So jobs enqueued after the shut-down, such as the rest of a task that was suspended
  /// meanwhile, run on Swift's global executor.
  ///
  /// While a task prefers an executor, Swift's runtime enqueues a job whenever the task calls an actor, or returns from
  /// one, where it would otherwise just continue on its thread if the actor is free. So code that calls actors for very
  /// short work is faster without.
  ///
  /// - Complexity: An enqueued job costs some tens of nanoseconds beside what the runtime does, and no allocation but, now and then, one for a longer queue.
  public func enqueue(_ job: consuming ExecutorJob) {
    // The runtime compares executors by their identity, and jobs run under that of a pool's first handle. Where a
    // further one exists, the first one has been released, and so the pool is closed.
    if isFurtherHandle { globalConcurrentExecutor.enqueue(job) } else { core.enqueue(AsyncJob(UnownedJob(job))) }
  }
}

extension ThreadPool {
  /// The pool that the current task prefers as its executor, wherever its code runs at the moment.
  static var preferredByTask: ThreadPool? {
    unsafe withUnsafeCurrentTask { task in
      guard let executor = unsafe task?.unownedTaskExecutor else { return nil }
      // SAFETY: the first of its two words is the executor's address, and the task keeps the executor alive.
      let (object, _) = unsafe unsafeBitCast(executor, to: (UnsafeRawPointer?, UInt).self)
      return unsafe object.flatMap { unsafe Unmanaged<AnyObject>.fromOpaque($0).takeUnretainedValue() as? ThreadPool }
    }
  }
}
