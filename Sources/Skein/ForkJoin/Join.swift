public import CSkein

/// Runs two closures, possibly in parallel, and returns both results.
///
/// `first` runs at once on the calling thread, whichever that is; meanwhile any worker of the pool may steal `second`.
/// If none has, the calling worker runs it after `first`. A thread outside any pool is a guest of `ThreadPool.shared`
/// for the duration of the call; see <doc:Waiting>.
///
///     func fibonacci(_ n: Int) -> Int {
///       if n < 2 { return n }
///       let (a, b) = join { fibonacci(n - 1) } and: { fibonacci(n - 2) }
///       return a + b
///     }
///
/// Both closures always run, even if the other one throws. Since `first` never leaves the calling thread it may use
/// whatever the code around it may: variables, objects that are not `Sendable`, the state of the main actor. The result
/// of `second` may be returned whether `Sendable` or not. See <doc:Which-thread>.
///
/// `first` must not wait for something that `second` does: they are not guaranteed to run in parallel, and never do in
/// a pool of one thread, nor when guests work in all places. See <doc:Waiting>.
///
/// - Throws: The error of `first`; if only `second` threw, that of `second`.
/// - Complexity: The work of both, and the span of the longer one. A call from which nothing is stolen costs a few
///   nanoseconds and allocates nothing.
@discardableResult
@inlinable
@inline(__always)
public func join<First, Second, Failure: Error>(
  _ first: () throws(Failure) -> First, and second: @Sendable () throws(Failure) -> sending Second
) throws(Failure) -> (First, Second) {
  unsafe try joinUnchecked(first, second)
}

/// Runs two closures or functions, the second of which returns a `Sendable` result: `join(readNames, and: readPlaces)`.
///
/// Otherwise like the form of the same name whose second result need not be `Sendable`.
/// - Throws: The error of `first`; if only `second` threw, that of `second`.
@discardableResult
@_disfavoredOverload
@inlinable
@inline(__always)
public func join<First, Second: Sendable, Failure: Error>(
  _ first: () throws(Failure) -> First, and second: @Sendable () throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
  unsafe try joinUnchecked(first, second)
}

/// SAFETY: the caller guarantees that the second result may cross to the calling thread.
@unsafe
@inlinable
@inline(__always)
func joinUnchecked<First, Second, Failure: Error>(
  _ first: () throws(Failure) -> First, _ second: @Sendable () throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
  guard let worker = WorkerReference.current else {
    skein_cold()
    let (firstResult, secondResult) = unsafe joinFromOutside(first, second, at: skein_call_site())
    return (try firstResult.get(), try secondResult.get())
  }
  let (firstResult, secondResult) = unsafe joinUnchecked(first, second, on: worker)
  return (try firstResult.get(), try secondResult.get())
}

/// SAFETY: as for the form without a worker; `worker` is the calling thread's.
@unsafe
@inlinable
@inline(__always)
func joinUnchecked<First, Second, Failure: Error>(
  _ first: () throws(Failure) -> First, _ second: @Sendable () throws(Failure) -> Second, on worker: WorkerReference
) -> (Result<First, Failure>, Result<Second, Failure>) {
  // The second result is passed through memory of this frame that the thief writes: the optimiser must not treat it as
  // private. (Unprotected, here and in `fork`: a stack protector would guard the frame against our own two pointers, at
  // the cost of several instructions.)
  unsafe _withUnprotectedUnsafeTemporaryAllocation(
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
}

/// Where a closure of `joinContext` runs.
public struct JoinContext: Sendable {
  /// Whether the closure runs on another thread than the one that called `joinContext`.
  public let migrated: Bool

  @usableFromInline
  init(migrated: Bool) { self.migrated = migrated }
}

/// Like `join`, but tells each closure whether it was moved to another thread. The first one never is.
@discardableResult
@inlinable
public func joinContext<First, Second, Failure: Error>(
  _ first: (JoinContext) throws(Failure) -> First, and second: @Sendable (JoinContext) throws(Failure) -> sending Second
) throws(Failure) -> (First, Second) {
  unsafe try joinContextUnchecked(first, second)
}

/// Like `joinContext`, with a function whose result is `Sendable` as its second.
@discardableResult
@_disfavoredOverload
@inlinable
public func joinContext<First, Second: Sendable, Failure: Error>(
  _ first: (JoinContext) throws(Failure) -> First, and second: @Sendable (JoinContext) throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
  unsafe try joinContextUnchecked(first, second)
}

/// SAFETY: as for `joinUnchecked`.
@unsafe
@inlinable
func joinContextUnchecked<First, Second, Failure: Error>(
  _ first: (JoinContext) throws(Failure) -> First, _ second: @Sendable (JoinContext) throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
  let caller = WorkerReference.current
  return unsafe try joinUnchecked { () throws(Failure) in
    try first(JoinContext(migrated: false))
  } _: { () throws(Failure) in
    try second(JoinContext(migrated: WorkerReference.current != caller))
  }
}
