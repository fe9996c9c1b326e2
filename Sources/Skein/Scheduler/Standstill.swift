internal import Synchronization

// Pools whose threads wait for each other. Two pools of one thread each, called by two unrelated callers from both
// sides, wait for each other's only thread: each call is in the queue of a pool in which no worker is free, and by W1
// none may start it on top of its own wait. Then, and only then, a spare thread of such a pool runs a pending call.
// `Waiting.md` has the proof that this suffices.

/// The reason why a worker sleeps, if some other thread must begin it.
struct BlockedCall {
  let caller: WorkerReference
  let waitsFor: Reason

  enum Reason {
    /// A call into another pool, or a share of a call on each thread, and the workers one of which must begin it.
    case call(Submission, to: Workers)
    /// A scope for which some worker's share may be pending.
    case sharesOfScope
    /// The end of a pool with these workers.
    case end(of: Workers)
  }

  var isIntoAnotherPool: Bool { if case .call(let call, _) = waitsFor { call.group == 0 } else { false } }

  /// All such calls of the process, by number.
  ///
  /// A listed caller cannot leave its call while the lock is held. So its own pool, the one it has called and
  /// everything reachable from there through other listed calls stay valid that long.
  private static let all = Mutex<(last: UInt64, calls: [UInt64: BlockedCall])>((0, [:]))

  /// Lists the call over which its caller is about to sleep.
  /// - Returns: Its number, which is not zero.
  func list() -> UInt64 {
    BlockedCall.all.withLock { list in
      list.last += 1
      list.calls[list.last] = self
      return list.last
    }
  }

  static func unlist(_ number: UInt64) {
    _ = all.withLock { list in list.calls.removeValue(forKey: number) }
  }

  /// Checks whether what `worker` waits for has come to a standstill, and resolves that if so.
  fileprivate static func endStandstill(of worker: WorkerReference) {
    all.withLock { list in
      var search = StandstillSearch(calls: list.calls)
      let unbegun = search.callsToRun(for: worker)
      // All workers whose shares cannot begin, at once: their number is bounded by the threads. But of calls into pools
      // only one, since each may hold a lot of memory, and the first may be enough.
      var places: [WorkerReference] = []
      for (call, position, pool) in unbegun {
        guard let worker = call.worker, !places.contains(worker) else { continue }
        places.append(worker)
        _ = pool.core.startSpare(for: call, at: position)
      }
      if places.isEmpty, let (call, position, pool) = unbegun.first {
        _ = pool.core.startSpare(for: call, at: position)
      }
    }
  }
}

extension WorkerReference {
  /// The first timeout of a worker that waits for a listed call, in nanoseconds.
  static var firstLook: UInt64 { 1_000_000 }

  /// Sleeps until this worker, which waits for a listed call and has announced its sleep, is woken; or for `interval`,
  /// which then doubles, up to a second.
  ///
  /// It checks for a standstill when it falls asleep, then after a millisecond, after two more, and so on. The first
  /// check finds the standstill that this worker completes. The others find any: whatever the search below could have
  /// missed, because it changed during the search, is at rest at some time, if all sleep. And each time the worker
  /// looks for work that it may do: another worker may have been woken for that, and have begun something else.
  /// - Returns: Whether it was woken.
  func sleepInCall(_ kind: Parker.Kind, for interval: inout UInt64) -> Bool {
    BlockedCall.endStandstill(of: self)
    if state.parker.sleep(kind, nanoseconds: interval) != nil { return true }
    interval = min(interval * 2, 1_000_000_000)
    state.parker.stayAwake()
    return false
  }

  /// Incremented at both ends of a sleep; odd during it.
  fileprivate var phase: UInt64 { state.sleepPhase.load(ordering: .sequentiallyConsistent) }

  /// Whether the worker sleeps and has not been woken.
  fileprivate var isAsleep: Bool { phase % 2 == 1 && state.parker.isAnnounced }

  fileprivate var hasEnded: Bool { state.hasEnded.load(ordering: .sequentiallyConsistent) }

  /// Whether it runs anything, or waits in it.
  fileprivate var isActive: Bool {
    unsafe state.activations.entry(0).map { unsafe $0.pointee.serial.load(ordering: .acquiring) != 0 }
      ?? false
  }

  /// Whether it sleeps for lack of work.
  fileprivate var isFree: Bool { state.parker.isAnnounced(.free) }
}

/// A traversal of everything that a worker waits for.
///
/// From a worker the search continues with what it sleeps over at the moment: from a job to its thief, from a scope or
/// a call to those that run parts of it, from a call that has begun to its runner, and from one that has not to all
/// that may begin it. If all workers that are reached sleep, none of them runs any code until a call that was met on
/// the way is begun: a standstill.
private struct StandstillSearch {
  let calls: [UInt64: BlockedCall]
  private var met: [(worker: WorkerReference, phase: UInt64)] = []
  /// The workers in `met`, to find them.
  private var known: Set<WorkerReference> = []
  private var unbegun: [(Submission, position: Int, in: WorkerReference)] = []

  init(calls: [UInt64: BlockedCall]) { self.calls = calls }

  /// Returns the calls of which one must be begun by a spare thread, with its position and its pool; empty if there is
  /// no standstill.
  mutating func callsToRun(for worker: WorkerReference) -> [(Submission, position: Int, in: PoolOwner)] {
    meet(worker)
    var next = 0
    while next < met.count {
      let worker = met[next].worker
      next += 1
      // A worker runs code, or is about to.
      guard worker.isAsleep, followSleeper(worker) else { return [] }
    }
    // Was there a moment at which all of them slept? Only an awake worker wakes another, and that shows in the phases.
    guard met.allSatisfy({ $0.worker.isAsleep && $0.worker.phase == $0.phase }) else { return [] }
    return unbegun.map { call, position, worker in unsafe (call, position, worker.pool.owner) }
  }

  private mutating func meet(_ worker: WorkerReference) {
    if known.insert(worker).inserted { met.append((worker, worker.phase)) }
  }

  /// Continues with what a sleeper waits for.
  /// - Returns: Whether everything there may be asleep.
  private mutating func followSleeper(_ worker: WorkerReference) -> Bool {
    if worker.isFree {
      // It was met because it could begin a call. If no call is pending any more, it is irrelevant; otherwise let it
      // look.
      return !worker.state.parker.wake(.free)
    }
    let number = worker.state.blockedCall.load(ordering: .sequentiallyConsistent)
    if number != 0, let blocked = calls[number] {
      guard follow(blocked) else { return false }
      // That is all that it waits for. (The group that it has published is its own name for the call, which no work of
      // its pool carries.)
      if blocked.isIntoAnotherPool { return true }
    }
    switch worker.published {
    case .nothing:
      // It waits until those that work in its place are done.
      for index in 0..<worker.pool.spares.count where worker.pool.spares[index].isActive {
        meet(worker.pool.spares[index])
      }
    case .ticket(let ticket): meet(worker.pool.worker(ticket.worker))
    case .group(let group): followGroup(group, in: worker.pool)
    }
    return true
  }

  private mutating func follow(_ blocked: BlockedCall) -> Bool {
    switch blocked.waitsFor {
    case .call(let call, let callee): return followCall(call, to: callee)
    // Its shares are met with its group.
    case .sharesOfScope: break
    case .end(let workers): for worker in workers where !worker.isFree && !worker.hasEnded { meet(worker) }
    }
    return true
  }

  private mutating func followCall(_ call: Submission, to callee: Workers) -> Bool {
    // The caller is about to be woken.
    if call.isDone { return false }
    if let runner = call.runner {
      meet(runner)
    } else if let worker = call.worker {
      unbegun.append((call, worker.position, worker))
      meet(worker)
    } else if let addressee = call.addressee, addressee.server.isServed {
      guard let server = addressee.server.worker else { return false }
      unbegun.append((call, addressee.position, addressee.blocked!))
      meet(server)
    } else {
      for worker in callee { meet(worker) }
      // Some worker's place must be taken. It sleeps; if it were free, this would be no standstill.
      if let worker = callee.first(where: { !$0.isLent }) ?? callee.first {
        unbegun.append((call, worker.position, worker))
      }
    }
    return true
  }

  private mutating func followGroup(_ group: UInt64, in pool: borrowing PoolCore) {
    for index in 0..<pool.workerCount {
      let worker = pool.worker(index)
      if worker.visitActivations(of: group, { _ in true }) { meet(worker) }
      guard worker.hasShares else { continue }
      for share in worker.pendingShares where share.group == group && share.runner == nil {
        unbegun.append((share, worker.position, worker))
        meet(worker)
      }
    }
  }
}
