extension ThreadPool {
  /// Runs a closure that waits for something outside the program, or for other threads, and has another thread do this worker's other work meanwhile.
  ///
  ///     withParallelScope { scope in
  ///       for page in pages { scope.spawn { store(ThreadPool.withBlocking { download(page) }) } }
  ///     }
  ///
  /// `body` runs on the calling thread, so it may use whatever the code around it may. If that thread is a worker's, a spare thread of its pool takes the
  /// worker's place as long as `body` runs: it begins calls from outside, detached closures, jobs of Swift's tasks, and tasks of scopes, those of the scope in whose
  /// task this is called, too. When `body` has returned, the worker goes on at once, and the spare thread ends what it has begun and begins
  /// nothing more; until then the worker helps nobody. At most `Configuration.maximumStandIns` spare threads, 64 by default, do that at once in a pool;
  /// beyond that, outside any pool, and in a thread's start handler, `body` is just run.
  ///
  /// A spare thread begins no part of a loop that others run, nor the second closure of others' `join`. So a pool of *P* threads never has more than
  /// *P* iterations of one loop begun and unfinished, whether they block or not: what shall wait in larger numbers is spawned, as above.
  ///
  /// - Throws: What `body` throws.
  /// - Complexity: An allocation, and the wake-up of a thread: some microseconds. It is meant for what takes longer.
  @discardableResult
  public static func withBlocking<Result, Failure: Error>(
    _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard let worker = WorkerReference.current else { return try body() }
    return try worker.withBlocking(body)
  }
}
