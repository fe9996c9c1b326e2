internal import CSkein
internal import Synchronization

extension ThreadPool {
  /// Runs a closure once on each thread of this pool and returns what they gave, by worker index.
  ///
  /// A worker that is busy runs its share when it waits for nothing, or when what it waits for needs the share. If the caller is a
  /// worker of this pool it runs its own share at once and then waits for the others. Only if a share could not begin otherwise,
  /// since everybody waits for each other, a spare thread runs it in the worker's place, and under its index.
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

extension PoolCore {
  /// Runs a closure on every worker of this pool while the caller waits.
  fileprivate func runOnEachThread(_ words: skein_closure) {
    let caller = WorkerReference.current
    let parent = unsafe caller?.context?.takeUnretainedValue()
    let isInside = isCurrent
    // A caller from another pool is blocked like one in `run`; one of this pool waits for a group of its own.
    let context = isInside ? parent : RunContext(parent: parent, blocked: caller)
    let group = isInside ? newGroup() : 0
    let isPartOfAcceptedWork = isCalledByAcceptedWork
    let values = TaskLocalValues.current
    openCalls.add(1, ordering: .sequentiallyConsistent)  // pairs with `publish`
    var shares: [Submission] = []
    for worker in workers where worker != caller {
      lifecycle.accept(isPartOfAcceptedWork: isPartOfAcceptedWork)
      let share = unsafe Submission(
        .borrowed(words), caller: caller.map { .worker($0) } ?? .thread, context: context, values: values,
        level: caller?.innerLevel ?? 0, group: group, for: worker)
      shares.append(share)
      worker.give(share)
    }
    // A spare thread or a guest is in nobody's list; the worker in whose place it works runs its own share.
    if isInside, caller!.role == .own { unsafe skein_closure_call(words) }
    for share in shares {
      if let caller {
        if isInside {
          caller.wait(forShare: share, of: group)
        } else {
          caller.wait(forCall: share, in: context!, to: self)
        }
      } else {
        share.waitOutsidePools()
      }
    }
    openCalls.subtract(1, ordering: .sequentiallyConsistent)
    if !isInside { context!.close() }
  }
}
