extension ThreadPool {
  /// Runs a closure that waits for something outside the program, or for other threads, while another thread does this
  /// worker's other work.
  ///
  ///     withParallelScope { scope in
  ///       for page in pages { scope.spawn { store(ThreadPool.withBlocking { download(page) }) } }
  ///     }
  ///
  /// `body` runs on the calling thread, so it may use whatever the code around it may. If that is a worker's thread, a
  /// spare thread of its pool takes the worker's place while `body` runs: it begins calls from outside, detached
  /// closures, jobs of Swift's tasks, and tasks of scopes, including the scope whose task calls this. When `body` has
  /// returned, the worker continues at once, and the spare thread finishes what it has begun and begins nothing more;
  /// until then the worker does not help others. At most `Configuration.maximumStandIns` spare threads, 64 by default,
  /// do that at once in a pool; beyond that, outside any pool, and in a thread's start handler, `body` is just run.
  ///
  /// A spare thread begins no part of a loop that others run, nor the second closure of others' `join`. So a pool of
  /// *P* threads never has more than *P* iterations of one loop begun and unfinished, whether they block or not: spawn,
  /// as above, what is to wait in larger numbers.
  ///
  /// - Throws: The error of `body`.
  /// - Complexity: An allocation, and the wake-up of a thread: some microseconds. It is meant for longer waits.
  @discardableResult
  public static func withBlocking<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let worker = WorkerReference.current else { return try body() }
    return try worker.withBlocking(body)
  }
}
