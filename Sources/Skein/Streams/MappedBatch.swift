internal import Synchronization

/// Some elements of a `ParallelMapped`, and later their results. Each batch is a call into the pool; a thread waits for
/// it only when the batch's results are the next ones to be returned.
///
/// SAFETY: The inputs belong to the thread that moves `stage` on from `waiting`. The outputs are written by the thread
/// that performs the call, before the call is done, and read by the iterator afterwards.
final class MappedBatch<Element: Sendable, Transformed: Sendable, Failure: Error>: @unchecked Sendable {
  private enum Stage: Int, AtomicRepresentable { case waiting, begun, abandoned }

  let weight: Int
  private var inputs: [Element]
  private let stage = Atomic<Stage>(.waiting)
  private var outputs: [Transformed] = []
  private(set) var error: Failure?
  private(set) var call: Submission!
  private let waiter = MappedWaiter()

  init(_ inputs: [Element], weight: Int) {
    self.inputs = inputs
    self.weight = weight
  }

  /// Submits the batch to a pool.
  func submit(
    to pool: ThreadPool, _ context: RunContext, _ pace: StreamPace,
    _ transform: @escaping @Sendable (Element) throws(Failure) -> Transformed
  ) {
    call = Submission(
      .owned(TaskLocalCopies.keepingOnWorker { self.run(transform, pace) }),
      caller: .closure { [waiter] in waiter.wake() },
      context: context, values: .none)
    pool.core.lifecycle.accept(isPartOfAcceptedWork: pool.core.isCalledByAcceptedWork)
    pool.core.inject(call)
  }

  /// Whether some worker has begun the call.
  var isBegun: Bool { call.runner != nil }

  private func run(_ transform: (Element) throws(Failure) -> Transformed, _ pace: StreamPace) {
    guard leaveWaiting(for: .begun) else { return }
    let began = ticks()
    let count = inputs.count
    (outputs, error) = takeInputs().transformed(by: transform)
    outputs.reverse()
    pace.note(count, took: ticks() &- began)
  }

  /// Destroys the elements, unless the call has begun.
  func abandon() { if leaveWaiting(for: .abandoned) { _ = takeInputs() } }

  // Acquiring is enough: the queue's own ordering has made the inputs visible to the worker that takes the call, and
  // this exchange publishes nothing.
  private func leaveWaiting(for next: Stage) -> Bool {
    stage.compareExchange(expected: .waiting, desired: next, ordering: .acquiring).exchanged
  }

  private func takeInputs() -> [Element] {
    defer { inputs = [] }
    return inputs
  }

  /// Takes out the results of the elements, in reverse order.
  func takeOutputs() -> [Transformed] {
    defer { outputs = [] }
    return outputs
  }
}

// MARK: - Waiting

extension MappedBatch {
  /// Blocks the calling thread until the call is done. A worker of the pool makes the call itself if it has not begun.
  /// It may do so because this call is what it waits for, and it has to because in a pool of one thread no other worker
  /// would. It runs nothing else meanwhile.
  func wait(in pool: ThreadPool) {
    if call.isDone { return }
    guard let worker = WorkerReference.current else { return waiter.waitOutsidePools(for: call) }
    // A guest leaves calls to the worker in whose place it works.
    if worker.pool === pool.core, worker.role != .guest, call.claim(by: worker) {
      return worker.perform(.submission(call))
    }
    waiter.wait(for: call, on: worker, in: pool)
  }
}

/// The thread that waits for a `MappedBatch`. It is known only once a thread waits, since an iterator may be used by
/// one thread after another.
private final class MappedWaiter: Sendable {
  /// A worker, with the owner that keeps its state alive.
  private let worker = Mutex<(worker: WorkerReference, owner: PoolOwner)?>(nil)
  /// Where a thread outside any pool sleeps.
  private let parker = Parker()

  func waitOutsidePools(for call: Submission) { parker.wait { call.isDone } }

  func wait(for call: Submission, on worker: WorkerReference, in pool: ThreadPool) {
    let parent = unsafe worker.context?.takeUnretainedValue()
    // Before the first check whether the call is done: `wake` reads this after the call is marked done.
    self.worker.withLock { $0 = unsafe (worker, worker.pool.owner) }
    // A new context, which no work carries: this worker looks for work of the context's group to help with, and so
    // finds none.
    worker.wait(forCall: call, in: RunContext(parent: parent, blocked: worker), to: pool.core)
    self.worker.withLock { $0 = nil }
  }

  /// Called when the call is done.
  func wake() {
    // The worker may find the call done and continue before it is woken. Its state is kept alive until then.
    if let (worker, owner) = worker.withLock({ $0.take() }) {
      withExtendedLifetime(owner) { _ = worker.wakeFromWaiting() }
    }
    parker.wake(.waiting)
  }
}
