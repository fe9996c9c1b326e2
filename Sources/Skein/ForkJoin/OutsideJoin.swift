internal import CSkein

/// `join` on a thread outside any pool: the first closure runs here, the second in the shared pool.
///
/// SAFETY: as for `joinUnchecked`.
@unsafe
@usableFromInline
@inline(never)
func joinFromOutside<First, Second, Failure: Error>(
  _ first: () throws(Failure) -> First, _ second: @Sendable () throws(Failure) -> Second
) throws(Failure) -> (First, Second) {
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
  return unsafe (try firstResult!.get(), try secondResult!.get())
}
