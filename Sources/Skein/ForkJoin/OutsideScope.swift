internal import Synchronization

/// Where the handle of a scope puts what is spawned.
protocol ScopeTasks: AnyObject, Sendable {
  var isFinished: Bool { get }
  @discardableResult
  func newOrdinal() -> Int
  func spawn(_ body: @escaping @Sendable () -> Void)
  func spawnOnEachThread(_ body: @escaping @Sendable (_ ordinal: Int, _ index: Int) -> Void)
}

extension ScopeCore: ScopeTasks {}

/// A scope opened by a thread outside any pool, which runs its body there and its tasks in the shared pool.
final class OutsideScope: ScopeTasks {
  private let pool: ThreadPool
  /// Spawned and not yet finished, plus one for the body of the scope.
  private let unfinished = Atomic<Int>(1)
  private let spawned = Atomic<Int>(0)
  /// Done by whoever finishes last; the opening thread waits for it.
  private let end = Submission(.owned {}, caller: .thread, context: nil)

  init() { pool = .shared }

  var isFinished: Bool { unfinished.load(ordering: .sequentiallyConsistent) == 0 }
  /// How many tasks have been spawned so far.
  var spawnCount: Int { spawned.load(ordering: .relaxed) }

  func newOrdinal() -> Int {
    unfinished.add(1, ordering: .relaxed)  // the spawner itself is still counted
    return spawned.add(1, ordering: .relaxed).oldValue
  }

  func spawn(_ body: @escaping @Sendable () -> Void) {
    pool.core.lifecycle.accept(isPartOfAcceptedWork: true)
    pool.core.inject(
      Submission(
        .owned { [self] in
          body()
          finishOne()
        }, caller: .nobody, context: nil))
  }

  func spawnOnEachThread(_ body: @escaping @Sendable (_ ordinal: Int, _ index: Int) -> Void) {
    for worker in pool.core.workers {
      let ordinal = newOrdinal()
      pool.core.lifecycle.accept(isPartOfAcceptedWork: true)
      let share = Submission(
        .owned { [self] in
          body(ordinal, worker.index)
          finishOne()
        }, caller: .nobody, context: nil)
      worker.give(share)
    }
  }

  /// Counts one task, or the body, as finished.
  func finishOne() {
    // The last one publishes what all of them did: pairs with `isFinished` and the wait for `end`.
    if unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { end.finish() }
  }

  func waitUntilFinished() { end.waitOutsidePools() }
}
