internal import CSkein
internal import Synchronization

// How a worker waits. The promise is W1: it runs only work that the wait depends on. `Waiting.md` explains why that
// suffices for everything to finish, and what the policies other than `.ownWork` give up.

extension WorkerReference {
  /// Waits until the thief of `job` is done with it, or hands it back.
  func wait(for job: UnsafeMutablePointer<ForkJob>) {
    wait(
      for: {
        let status = unsafe job.pointee.status.load(ordering: .acquiring)  // pairs with `perform`
        // For a few instructions between a thief's claim and its ticket, it cannot be followed.
        return unsafe status >= ForkJob.handedBack ? .nothing : WaitTarget(bits: status)
      },
      until: { unsafe job.pointee.status.load(ordering: .sequentiallyConsistent) >= ForkJob.handedBack }
    )
  }

  /// Waits for a call into another pool. This worker's stack does not change meanwhile, except for its own share of
  /// calls on each thread that are made on its behalf: a spare thread runs everything else that is sent back to its
  /// pool.
  func wait(forCall call: Submission, in context: RunContext, to callee: borrowing PoolCore) {
    wait(
      for: { .group(context.group) }, until: { call.isDone }, othersCanHelp: false,
      blocked: BlockedCall(caller: self, waitsFor: .call(call, to: callee.workers)))
  }

  /// Waits for a share of a call on each thread of this worker's own pool.
  func wait(forShare share: Submission, of group: UInt64) {
    wait(
      for: { .group(group) }, until: { share.isDone },
      blocked: BlockedCall(caller: self, waitsFor: .call(share, to: pool.workers)))
  }

  /// Waits until all threads of a pool that has been closed have ended.
  func wait(forEndOf ending: borrowing PoolCore) {
    let group = newGroup()
    ending.waitingForEnd.withLock { $0.append(self) }
    wait(
      for: { .group(group) }, until: { ending.hasEnded }, othersCanHelp: false,
      blocked: BlockedCall(caller: self, waitsFor: .end(of: ending.workers)))
    ending.waitingForEnd.withLock { waiters in waiters.removeAll { $0 == self } }
  }

  /// Waits for all tasks of a scope, and runs those that have not been taken.
  func wait(for scope: ScopeReference) {
    repeat {
      runTasks(of: scope)
      scope.countInSight()
      if !scope.isFinished { wait(forOthersIn: scope) }
    } while !scope.close()
  }

  /// Waits for the tasks of a scope that others have taken.
  @inline(never)
  private func wait(forOthersIn scope: ScopeReference) {
    wait(
      for: { .group(scope.group) }, until: { scope.isFinished }, ownWork: { workLeft(of: scope) },
      hasOwnWork: { scope.hasOverflow }, blocked: BlockedCall(caller: self, waitsFor: .sharesOfScope))
  }

  /// Waits until `isDone`, doing what the pool's policy allows meanwhile; sleeps when there is nothing of that.
  ///
  /// - Parameters:
  ///   - target: Returns who does what this worker waits for, at this moment; nothing only while that is about to be
  ///     settled.
  ///   - ownWork: Returns work that only this wait may start, whatever the policy: it is part of what this worker waits
  ///     for.
  ///   - othersCanHelp: Whether other workers of this pool may come to have jobs that descend from what this worker
  ///     waits for.
  ///   - call: The call that this worker waits for, if some other thread must begin it, or may have to.
  private func wait(
    for target: () -> WaitTarget, until isDone: () -> Bool, ownWork: () -> Work? = { nil },
    hasOwnWork: () -> Bool = { false }, othersCanHelp: Bool = true, blocked call: BlockedCall? = nil
  ) {
    exposeAll()
    let level = self.level
    var vigil = Vigil()
    let policy = ownPolicy
    let mayHelp = policy == .anyWork || policy != .block && othersCanHelp
    let kind = mayHelp ? Parker.Kind.waiting : .blocked
    var idleSince: UInt64?
    var hasSlept = false
    var interval = WorkerReference.firstLook
    var callNumber: UInt64 = 0
    func mayRun(_ share: Submission) -> Bool { self.mayRun(share, waitingFor: target()) }
    while !isDone() {
      let now = target()
      publish(now)
      let work =
        ownWork() ?? takeShare(where: mayRun).map { .submission($0) }
        ?? (mayHelp ? helpfulWork(for: now, at: level) : nil)
      if work == nil, idleSince == nil { idleSince = ticks() }
      // If there is nothing to publish, a thief is between its claim and its ticket. If this worker slept now, it could
      // not be followed to the thief.
      switch vigil.look(hasFound: work != nil, maySleep: now != .nothing) {
      case .goOn:
        endIdling(&idleSince)
        publish(.nothing)
        state.counters.helped.add()
        perform(work!)
        // The work it ran may have taken jobs back, older ones among them, and left them private.
        exposeAll()
      case .pause(let pause):
        pause.wait()
      case .announce:
        if let call, callNumber == 0 { callNumber = call.list() }
        pool.sleep.fallAsleep(kind)
        state.parker.announce(kind)
        // The last look comes after the announcement, see *lost wake-up* in `Sleeping.md`.
        let hasReason =
          isDone() || hasOwnWork() || hasShare(where: mayRun) || helpPolicy == .anyWork && pool.hasWorkForAnyWaiter
        switch vigil.lastLook(hasFound: hasReason) {
        case .stayAwake:
          state.parker.stayAwake()
        case .sleep:
          hasSlept = true
          // Read by the search for a standstill.
          state.blockedCall.store(callNumber, ordering: .sequentiallyConsistent)
          let isWoken = sleep {
            if callNumber == 0 { sleepBesideBatches(kind) }
            return callNumber == 0 || sleepInCall(kind, for: &interval)
          }
          vigil.wake(byTime: !isWoken)
        }
        pool.sleep.getUp(kind)
      }
    }
    endIdling(&idleSince)
    publish(.nothing)
    if callNumber != 0 { BlockedCall.unlist(callNumber) }
    // This worker may have been woken for work that any waiting one may take, and which it does not take now.
    if hasSlept, policy == .anyWork, pool.hasWorkForFree() { pool.wakeFreeWorker() }
  }

  private func endIdling(_ idleSince: inout UInt64?) {
    guard let since = idleSince else { return }
    idleSince = nil
    state.counters.waitingTicks.add(ticks() &- since)
  }

  /// Publishes what this worker waits for, so that those who wait for this worker can help there.
  private func publish(_ target: WaitTarget) {
    // No other thread writes it.
    guard state.waitTarget.load(ordering: .relaxed) != target.bits else { return }
    state.waitTarget.store(target.bits, ordering: .sequentiallyConsistent)  // pairs with `published`
    // A new link in a chain of waits may let a sleeper run its share of a call on each thread: let it look.
    if target != .nothing, pool.openCalls.load(ordering: .sequentiallyConsistent) > 0 {
      for worker in pool.workers where worker != self && worker.hasShares { worker.wakeFromWaiting() }
    }
  }

  var published: WaitTarget {
    WaitTarget(bits: state.waitTarget.load(ordering: .sequentiallyConsistent))
  }
}

// MARK: - Helping

extension WorkerReference {
  /// The policy by which this worker helps while no other thread works in its place.
  ///
  /// A spare thread helps with nothing: only then does every stolen job go to a worker whose position no other thread
  /// has, so that there are never more iterations of one loop than the pool has threads. A guest, whose thread holds
  /// the locks and the like of its own code, helps with what it waits for.
  private var ownPolicy: WaitPolicy {
    switch role {
    case .own: pool.waitPolicy
    case .spare: .block
    case .guest: pool.waitPolicy == .block ? .block : .ownWork
    }
  }

  /// The policy by which this worker helps now. While a spare thread works in its place it helps with nothing; while a
  /// guest does, with nothing that could be the guest's.
  private var helpPolicy: WaitPolicy {
    if isLent { return .block }
    return ownPolicy == .innerWork && !mayTakeFromOthers ? .ownWork : ownPolicy
  }

  /// Returns work that the policy lets a worker do while it waits for `target`.
  private func helpfulWork(for target: WaitTarget, at level: UInt) -> Work? {
    switch helpPolicy {
    case .block:
      return nil
    case .ownWork:
      return workFor(target)
    case .innerWork:
      if let work = workFor(target) { return work }
      // Levels above the deepest one are indistinguishable, so no job there is known to be inner.
      return level < ForkCell.deepestLevel ? stealFromAnybody(includingOwn: true, atLevel: level) : nil
    case .anyWork:
      return stealFromAnybody(includingOwn: true) ?? takeTask()
        ?? pool.injected.take(for: self).map { .submission($0) } ?? pool.detached.takeOldest().map { .detached($0) }
    }
  }

  /// Returns work that `target` depends on: a job of the thief that it waits for, of that one's thief if it waits in
  /// its turn, and so on (*leapfrogging*: Wagner & Calder, PPoPP 1993).
  private func workFor(_ target: WaitTarget) -> Work? {
    var found: Work?
    follow(target) { worker, ticket in
      if worker == self { return false }
      while true {
        switch steal(from: worker, accept: { index, _ in worker.isOpen(ticket, above: index) && mayShare }) {
        case .stolen(let stolen):
          found = Work(stolen, from: worker)
          return true
        case .lost: continue
        case .empty, .refused: return false
        }
      }
    } group: { group in
      found = takeTask(of: group)
      return found != nil
    }
    return found
  }

  /// Whether a guest may take jobs beside its host. While a call on each thread is open, the host may run a share which
  /// the guest waits for, and be inside the loop that the job belongs to. Read after the job: a worker that sees a job
  /// which descends from such a share sees the call.
  private var mayShare: Bool {
    role != .guest || pool.openCalls.load(ordering: .sequentiallyConsistent) == 0
  }

  /// Visits the work that `target` depends on, from thief to thief, until a visitor has seen enough.
  ///
  /// The chain is read while it changes. A link is valid if the activation that it was read from is still open
  /// afterwards: while a worker does some work, that work depends on what the worker waits for.
  /// - Returns: Whether a visitor has seen enough.
  @discardableResult
  private func follow(
    _ target: WaitTarget, visit: (WorkerReference, Ticket) -> Bool, group visitGroup: (UInt64) -> Bool
  ) -> Bool {
    var groups: [UInt64] = []
    return follow(target, hops: 0, metGroups: &groups, visit: visit, group: visitGroup)
  }

  /// - Parameter metGroups: The groups where the search has branched already. Under `.anyWork` many paths may lead to
  ///   one place.
  private func follow(
    _ target: WaitTarget, hops: Int, metGroups: inout [UInt64], visit: (WorkerReference, Ticket) -> Bool,
    group visitGroup: (UInt64) -> Bool
  ) -> Bool {
    guard hops <= pool.workerCount else { return false }
    func visitOnward(_ worker: WorkerReference, _ ticket: Ticket) -> Bool {
      if visit(worker, ticket) { return true }
      let next = worker.published
      guard next != .nothing, worker.isOpen(ticket, above: .max) else { return false }
      return follow(next, hops: hops + 1, metGroups: &metGroups, visit: visit, group: visitGroup)
    }
    switch target {
    case .nothing:
      return false
    case .ticket(let ticket):
      return visitOnward(pool.worker(ticket.worker), ticket)
    case .group(let group):
      if hops > 0 {
        if metGroups.contains(group) { return false }
        metGroups.append(group)
      }
      if visitGroup(group) { return true }
      return pool.anyWorker { worker in
        worker.visitActivations(of: group) { ticket in visitOnward(worker, ticket) }
      }
    }
  }

  /// Visits this worker's open activations that belong to a group, until the visitor has seen enough.
  func visitActivations(of group: UInt64, _ visit: (Ticket) -> Bool) -> Bool {
    for depth in 0..<ActivationList.capacity {
      guard let entry = unsafe state.activations.entry(depth) else { return false }
      let serial = unsafe entry.pointee.serial.load(ordering: .acquiring)  // pairs with `open`
      if serial == 0 { return false }
      guard unsafe entry.pointee.group.load(ordering: .acquiring) == group,
        unsafe entry.pointee.serial.load(ordering: .acquiring) == serial
      else { continue }
      if visit(Ticket(worker: index, depth: depth, serial: serial)) { return true }
    }
    return false
  }

  private func isOpen(_ ticket: Ticket, above index: Int) -> Bool {
    unsafe state.activations.entry(ticket.depth)?.pointee.isOpen(as: ticket.serial, above: index) ?? false
  }

  /// Whether this worker, which may be asleep, could take a job of `owner`.
  func mayHelp(_ owner: WorkerReference) -> Bool {
    switch helpPolicy {
    case .block: return false
    case .innerWork, .anyWork: return true
    case .ownWork:
      return follow(published) { worker, _ in
        worker == owner
      } group: { _ in
        false
      }
    }
  }

  /// Returns whether the wait for `target` depends on this worker's share of a call on each thread: the call was made
  /// by what the worker waits for.
  private func mayRun(_ share: Submission, waitingFor target: WaitTarget) -> Bool {
    follow(target) { _, _ in
      false
    } group: { group in
      group == share.group || share.context?.isPart(of: group) == true
    }
  }
}

// MARK: - Shares of calls on each thread

extension WorkerReference {
  var hasShares: Bool {
    state.waitingShares.load(ordering: .sequentiallyConsistent) > 0  // pairs with `give`
  }

  /// Gives this worker its share of a call on each thread.
  func give(_ share: Submission) {
    state.shares.withLock { $0.append(share) }
    state.waitingShares.add(1, ordering: .sequentiallyConsistent)
    state.parker.wake()
  }

  /// Takes one of this worker's shares that may be run now, unless it is taken.
  /// - Parameter runner: The worker that will run it: this one, or a spare thread's in its place.
  func takeShare(by runner: WorkerReference? = nil, where mayRun: (Submission) -> Bool) -> Submission? {
    while let share = firstShare(where: mayRun) {
      // Two threads may take shares of one worker, its own and a spare one: the one that removes a share from the list
      // counts it off.
      let isFirst = state.shares.withLock { shares in
        guard let place = shares.firstIndex(where: { $0 === share }) else { return false }
        shares.remove(at: place)
        return true
      }
      guard isFirst else { continue }
      state.waitingShares.subtract(1, ordering: .sequentiallyConsistent)
      if share.claim(by: runner ?? self) { return share }
    }
    return nil
  }

  func hasShare(where condition: (Submission) -> Bool) -> Bool { firstShare(where: condition) != nil }

  /// The condition is evaluated outside the lock, since it may read other workers' shares.
  private func firstShare(where condition: (Submission) -> Bool) -> Submission? {
    guard hasShares else { return nil }
    return pendingShares.first(where: condition)
  }

  /// Its shares that have not begun, and perhaps some that a spare thread has taken.
  var pendingShares: [Submission] { state.shares.withLock { $0 } }
}

// MARK: - Yielding

extension WorkerReference {
  /// Returns work that the pool's policy lets a worker start in the middle of something that waits for nothing.
  func workForYield() -> Work? { helpfulWork(for: .nothing, at: level) }
}
