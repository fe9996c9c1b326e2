internal import Synchronization

extension ThreadPool {
  /// Runs a closure once on each thread of this pool and returns the results, by worker index.
  ///
  /// A busy worker runs its share when it waits for nothing, or when what it waits for needs the share. A caller that
  /// is a worker of this pool runs its own share at once and then waits for the others. Only if a share could not begin
  /// otherwise, because all wait for each other, a spare thread runs it in the worker's place, and under its index.
  ///
  /// - Complexity: As many calls as there are threads.
  @discardableResult
  @available(*, noasync, message: "'onEachThread' blocks its thread; use 'await pool.run { }' around it")
  public func onEachThread<Value: Sendable, Failure: Error>(
    _ body: @Sendable (_ index: Int) throws(Failure) -> Value
  ) throws(Failure) -> [Value] {
    let results = Mutex([Result<Value, Failure>?](repeating: nil, count: threadCount))
    callWithShares { index in
      let result: Result<Value, Failure>
      do throws(Failure) { result = .success(try body(index)) } catch { result = .failure(error) }
      results.withLock { $0[index] = result }
    }
    var values: [Value] = []
    values.reserveCapacity(threadCount)
    for result in results.withLock({ $0 }) { values.append(try result!.get()) }
    return values
  }

  private func callWithShares(_ body: @Sendable (Int) -> Void) {
    unsafe withClosureWords({ body(WorkerReference.current!.position) }) { words in
      unsafe core.runOnEachThread(words)
    }
  }
}
