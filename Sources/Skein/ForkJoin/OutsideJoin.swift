/// `join` on a thread outside any pool, as a guest of the shared pool. If the pool has no place for a guest, the first
/// closure runs here and the second on one of its workers.
///
/// SAFETY: as for `joinUnchecked`.
@unsafe
@inlinable
@inline(never)
func joinFromOutside<First, Second, Failure: Error>(
  _ first: () throws(Failure) -> First, _ second: @Sendable () throws(Failure) -> Second, at site: UInt
) -> (Result<First, Failure>, Result<Second, Failure>) {
  guard let guest = WorkerReference.comeAsGuest(at: site) else { return unsafe joinWithoutGuest(first, second) }
  defer { guest.leaveAsGuest() }
  return unsafe joinUnchecked(first, second, on: guest)
}

/// SAFETY: as for `joinUnchecked`.
@unsafe
@usableFromInline
@inline(never)
func joinWithoutGuest<First, Second, Failure: Error>(
  _ first: () throws(Failure) -> First, _ second: @Sendable () throws(Failure) -> Second
) -> (Result<First, Failure>, Result<Second, Failure>) {
  // SAFETY: the worker's store comes before the end of the wait, this thread's load after it.
  nonisolated(unsafe) var secondResult: Result<Second, Failure>?
  var firstResult: Result<First, Failure>?
  unsafe withClosureWords({
    do throws(Failure) { unsafe secondResult = .success(try second()) } catch { unsafe secondResult = .failure(error) }
  }) { words in
    let submission = unsafe ThreadPool.shared.core.submitOutside(words)
    do throws(Failure) { firstResult = .success(try first()) } catch { firstResult = .failure(error) }
    submission.waitOutsidePools()
  }
  return unsafe (firstResult!, secondResult!)
}
