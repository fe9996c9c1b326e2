internal import Synchronization

// Pools whose threads wait for each other. Two pools of one thread each, in which two unrelated callers come from both sides, wait for
// each other's only thread: each call lies in the queue of a pool in which nobody is free, and W1 lets nobody start it. Then, and only
// then, a waiting worker runs a call that its pool was sent by one of the others: since all of them sleep, what it waits for does
// depend on that call.

/// A call into another pool whose caller, a worker, has gone to sleep over it.
struct BlockedCall {
  let caller: Workers
  let callee: Workers
  /// The call, unless it is for one certain worker: somebody's share of a call on each thread.
  let submission: Submission?
}

/// All such calls of the process.
///
/// Whoever is in the list cannot leave its call while the lock is held, so the workers of both pools stay good that long.
private let blockedCalls = Mutex<[BlockedCall]>([])

extension WorkerReference {
  /// Lists a call over which this worker is about to sleep.
  func list(_ call: BlockedCall) {
    blockedCalls.withLock { $0.append(call) }
    pool.blockedCallCount.add(1, ordering: .sequentiallyConsistent)
  }

  /// Takes the call off the list again.
  func unlist(_ call: BlockedCall) {
    pool.blockedCallCount.subtract(1, ordering: .sequentiallyConsistent)
    blockedCalls.withLock { calls in
      let index = calls.firstIndex {
        $0.caller == call.caller && $0.callee == call.callee && $0.submission === call.submission
      }
      calls.remove(at: index!)
    }
  }

  /// Sleeps until somebody wakes this worker, which has announced it and looked in vain for a reason not to.
  /// - Returns: Instead of sleeping, a call that this worker must run.
  func sleepUnlessStandstill(_ kind: Parker.Kind) -> Submission? {
    unsafe pointer.pointee.sleepPhase.add(1, ordering: .sequentiallyConsistent)
    defer { unsafe pointer.pointee.sleepPhase.add(1, ordering: .sequentiallyConsistent) }
    if let call = callToRunInStandstill() {
      unsafe pointer.pointee.parker.stayAwake()
      return call
    }
    unsafe pointer.pointee.counters.sleeps.add()
    unsafe pointer.pointee.parker.sleep(kind)
    return nil
  }

  /// A call that this worker, which is about to sleep, must run because nobody is left who could, and which it now owns.
  ///
  /// Every worker lists its call, goes to sleep by its phase and then looks here, so the last one of a standstill finds it. If its own
  /// pool has been sent no call, it wakes a worker of a pool that has. The call may also be mail for a wait further down on some
  /// worker's stack, which nobody else would come to.
  private func callToRunInStandstill() -> Submission? {
    let own = pool.workers
    // First what can be seen without the lock. The last one to sleep sees that all others do.
    guard pool.blockedCallCount.load(ordering: .sequentiallyConsistent) > 0, own.allSatisfy(\.isAsleep) else {
      return nil
    }
    return blockedCalls.withLock { calls in
      // The pools that this one waits for, and those that they wait for.
      var pools = [own]
      var next = 0
      while next < pools.count {
        for call in calls where call.caller == pools[next] && !pools.contains(call.callee) { pools.append(call.callee) }
        next += 1
      }
      guard WorkerReference.allSleep(pools.joined()) else { return nil }
      let helpful = calls.filter { pools.contains($0.caller) && $0.submission?.isClaimed == false }
      if let call = helpful.first(where: { $0.callee == own && $0.submission!.claim() }) { return call.submission }
      _ = helpful.first { $0.callee != own && $0.callee.contains { unsafe $0.pointer.pointee.parker.wake() } }
      return nil
    }
  }

  private var sleepPhase: UInt64 { unsafe pointer.pointee.sleepPhase.load(ordering: .sequentiallyConsistent) }
  private var isAsleep: Bool { sleepPhase % 2 == 1 }

  /// Whether there was a moment, during this call, at which all these workers slept and nobody had woken one.
  private static func allSleep(_ workers: some Collection<WorkerReference>) -> Bool {
    let before = workers.map(\.sleepPhase)
    guard before.allSatisfy({ $0 % 2 == 1 }) else { return false }
    // Only one who is awake wakes another, and that shows in the phases.
    return workers.allSatisfy { unsafe $0.pointer.pointee.parker.isAnnounced } && workers.map(\.sleepPhase) == before
  }
}
