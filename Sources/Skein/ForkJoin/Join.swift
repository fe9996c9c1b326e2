/// Runs two closures, possibly at the same time, and returns what both gave.
///
/// `first` runs at once on the calling thread; meanwhile any other worker of the pool may take `second`. If none has, the calling
/// worker runs it after `first`. Called from a thread outside any pool, `second` runs in `ThreadPool.shared`.
///
///     func fibonacci(_ n: Int) -> Int {
///       if n < 2 { return n }
///       let (a, b) = join { fibonacci(n - 1) } and: { fibonacci(n - 2) }
///       return a + b
///     }
///
/// Both closures always run, even if the other one throws.
///
/// - Throws: What `first` threw; if only `second` threw, that.
/// - Complexity: The work of both, and the span of the longer one. A call that nobody steals from costs a few nanoseconds and
///   allocates nothing.
@available(*, noasync, message: "use 'await pool.run { }' around it")
@discardableResult
@inlinable
@inline(__always)
public func join<First, Second, Failure: Error>(
  _ first: () throws(Failure) -> First, and second: @Sendable () throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
  guard let worker = WorkerReference.current else {
    return try joinOutsidePools(first, second)
  }
  // The second result travels through memory of this frame that the thief writes: the optimiser must not take it for private.
  let (firstResult, secondResult) = unsafe withUnsafeTemporaryAllocation(
    of: Result<Second, Failure>.self, capacity: 1
  ) { memory in
    let slot = memory.baseAddress!
    let firstResult = worker.fork {
      do throws(Failure) { return Result<First, Failure>.success(try first()) } catch { return .failure(error) }
    } _: {
      do throws(Failure) {
        unsafe slot.initialize(to: .success(try second()))
      } catch {
        unsafe slot.initialize(to: .failure(error))
      }
    }
    return unsafe (firstResult, slot.move())
  }
  return (try firstResult.get(), try secondResult.get())
}

/// Runs `first` on this thread, which is no worker, and `second` in the shared pool.
@usableFromInline
@inline(never)
func joinOutsidePools<First, Second, Failure: Error>(
  _ first: () throws(Failure) -> First, _ second: @Sendable () throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
  var firstResult: Result<First, Failure>?
  var secondResult: Result<Second, Failure>?
  unsafe withClosureWords({
    do throws(Failure) { secondResult = .success(try second()) } catch { secondResult = .failure(error) }
  }) { words in
    let submission = unsafe ThreadPool.shared.core.submitOutside(words)
    do throws(Failure) { firstResult = .success(try first()) } catch { firstResult = .failure(error) }
    submission.waitOutsidePools()
  }
  return (try firstResult!.get(), try secondResult!.get())
}

/// What a closure of `joinContext` is told about where it runs.
public struct JoinContext: Sendable {
  /// Whether the closure runs on another thread than the one that called `joinContext`.
  public let migrated: Bool

  @usableFromInline
  init(migrated: Bool) { self.migrated = migrated }
}

/// As `join`, and tells each closure whether it was moved to another thread.
@available(*, noasync, message: "use 'await pool.run { }' around it")
@discardableResult
@inlinable
public func joinContext<First, Second, Failure: Error>(
  _ first: (JoinContext) throws(Failure) -> First, and second: @Sendable (JoinContext) throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
  let caller = WorkerReference.current
  return try join { () throws(Failure) in
    try first(JoinContext(migrated: WorkerReference.current != caller))
  } and: { () throws(Failure) in
    try second(JoinContext(migrated: WorkerReference.current != caller))
  }
}
