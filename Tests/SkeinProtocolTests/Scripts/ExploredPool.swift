import CSkein
import InterleavingExplorer

/// A pool without threads of its own: a script says who runs as which worker.
final class ExploredPool: Sendable {
  let owner: PoolOwner

  init(_ threadCount: Int, waitPolicy: ThreadPool.WaitPolicy = .ownWork) {
    // Calibrated before any thread is explored.
    _ = TaskLocalValues.isSupported
    owner = PoolOwner(
      threadCount: threadCount,
      configuration: PoolSettings(ThreadPool.Configuration(threadCount: threadCount, waitPolicy: waitPolicy)))
  }

  func worker(_ index: Int) -> WorkerReference { owner.core.workers[index] }

  /// Runs a closure as a worker of this pool.
  func on(_ index: Int, _ body: @escaping (WorkerReference) -> Void) -> () -> Void {
    {
      let worker = self.worker(index)
      skein_worker_set(UnsafeMutableRawPointer(worker.pointer))
      // Deep in the stack, so that what a mistake leaves behind of a frame there stays for a while.
      withUnsafeTemporaryAllocation(byteCount: 16_384, alignment: 16) { _ in body(worker) }
      skein_worker_set(nil)
    }
  }

  /// A worker that waits for nothing, until the pool is over.
  func free(_ index: Int) -> () -> Void { on(index) { [owner] worker in owner.core.runWorker(worker) } }

  /// Runs a closure as a guest of this pool, in the first place that is free.
  func asGuest(at site: UInt? = nil, _ body: (WorkerReference) -> Void) {
    // Not where this thread was in the execution before.
    skein_thread_here().pointee.place = 0
    guard let guest = owner.core.takeCallerAsGuest(at: site) else { return Explorer.fail("there is no place") }
    body(guest)
    guest.leaveAsGuest()
  }

  /// As `ThreadPool.spawn`.
  func spawn(_ body: @escaping @Sendable () -> Void) {
    owner.core.lifecycle.accept(isPartOfAcceptedWork: owner.core.isCalledByAcceptedWork)
    owner.core.detach(DetachedClosure(body))
  }

  func close() { owner.core.close() }
}

/// Something that happens once, and that others may wait for.
final class Event: Sendable {
  private let word = Atomic<Bool>(false)

  var hasHappened: Bool { word.load(ordering: .sequentiallyConsistent) }
  func happen() { word.store(true, ordering: .sequentiallyConsistent) }

  /// Runs in a circle until it has happened: as a long stretch of sequential code does, which waits for nothing that the pool knows of.
  func await() { while !hasHappened { Explorer.waitForOthers() } }
}

/// How often something was done; no point to switch at.
///
/// SAFETY: written by the thread that has the turn.
final class Tally: @unchecked Sendable {
  private(set) var count = 0
  func add() { count += 1 }
  func remove() { count -= 1 }
}
