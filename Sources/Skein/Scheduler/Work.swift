internal import CSkein
internal import Synchronization

/// Something to do that a worker has found and now owns.
enum Work {
  /// A job stolen from a worker's deque.
  case fork(ForkCell, from: WorkerReference)
  /// A task of a scope.
  case task(ScopeTask)
  /// A call from elsewhere.
  case submission(Submission)
  /// A detached closure.
  case detached(DetachedClosure)
  /// A job of one of Swift's tasks.
  case job(AsyncJob)
}

// MARK: - Finding

extension Work {
  init(_ stolen: ForkDeque.Stolen, from victim: WorkerReference) {
    switch stolen {
    case .fork(let cell): self = .fork(cell, from: victim)
    case .task(let words): self = .task(ScopeTask(words))
    }
  }
}

extension WorkerReference {
  /// Finds something to do for a worker that waits for nothing.
  ///
  /// Jobs of tasks in its own queue come first three times out of four, since they are at hand. Then forks, since they
  /// finish what was begun; but one time in four a submission from outside comes first, or a task of a scope that is in
  /// no worker's deque, so that it starts soon however much there is to steal. Of these turns every fourth goes to jobs elsewhere, and one to forks and tasks of scopes
  /// again, if jobs have all the others. So every kind has its turn.
  func findWork() -> Work? {
    if let share = takeShare(where: { _ in true }) { return .submission(share) }
    if isLent { return nil }
    state.tick &+= 1
    if state.tick & 3 != 0 {
      if let job = takeOwnJob() { return .job(job) }
    } else {
      let turn = state.tick >> 2 & 3
      if turn == 0, let job = takeJob() { return .job(job) }
      if turn != 2 || !state.holdsPool, let work = takeSubmission() ?? takeTask() { return work }
    }
    if !mayTakeFromOthers { return takeSubmission() ?? takeTask() ?? takeJob().map { .job($0) } }
    if let work = stealFromAnybody() { return work }
    if let work = takeTask() { return work }
    return takeSubmission() ?? takeJob().map { .job($0) }
  }

  /// Lets the next search for work begin with calls and detached closures; or, if there are none, with jobs, and then
  /// with tasks of scopes.
  func takeSubmissionNext() { state.tick |= pool.hasSubmissions ? 3 : 15 }

  /// Takes a call from outside or a detached closure, alternately if there are both.
  func takeSubmission() -> Work? {
    if state.tick & 8 == 0, let call = pool.injected.take(for: self) { return .submission(call) }
    if let closure = pool.detached.takeOldest() { return .detached(closure) }
    return pool.injected.take(for: self).map { .submission($0) }
  }

  /// Steals the oldest fork of some worker, beginning with a random one; its own too if it may.
  func stealFromAnybody(includingOwn: Bool = false, atLevel lowest: UInt = 0) -> Work? {
    let count = pool.workerCount
    guard count > 1 || includingOwn else { return nil }
    let start = Int(truncatingIfNeeded: nextRandom() % UInt64(count))
    var sawRace = true
    while sawRace {
      sawRace = false
      for offset in 0..<count {
        let victim = pool.worker((start + offset) % count)
        if victim == self && !includingOwn { continue }
        // Checked after the cell has been read, and so after the beginning of the guest's call that it may descend
        // from.
        switch steal(from: victim, accept: { _, cell in cell.level >= lowest && mayTakeFromOthers }) {
        case .stolen(let stolen): return Work(stolen, from: victim)
        case .lost: sawRace = true
        case .empty, .refused: break
        }
      }
    }
    return nil
  }

  /// How long a job must have been exposed before it is stolen, in ticks: about the cost of a steal to both sides.
  ///
  /// A shorter job is better done by its owner, which takes it back for a tenth of that. A worker that is hungry
  /// meanwhile keeps looking.
  private static var ripeness: UInt64 { 1500 }

  /// How long stolen work must have taken for its thief to go on stealing from the same worker, in ticks.
  ///
  /// If the next job is as short, its owner does it in less time than the two would spend on the cache lines that they
  /// write in turns. So that worker is *spared*: this one lets the next job ripen, too, and takes it without waking yet
  /// another one for what is left.
  private static var worthwhile: UInt64 { 500 }

  /// Whether this worker spares `victim` at this moment.
  private func spares(_ victim: WorkerReference) -> Bool {
    // Signed: the clocks of two processors, on which this thread may run in turns, need not agree.
    state.spared == victim
      && Int64(bitPattern: look() &- state.sparedSince) < Int64(WorkerReference.ripeness)
  }

  /// Whether some job is exposed that this worker may take now.
  var seesJobs: Bool { pool.anyWorker { !$0.state.forks.looksEmpty && !spares($0) } }

  /// Makes one attempt at the oldest job of `victim`.
  func steal(from victim: WorkerReference, accept: (Int, ForkCell) -> Bool) -> ForkDeque.StealResult {
    if spares(victim) { return .refused }
    let result = victim.state.forks.steal { index, cell in
      victim.state.forks.age(at: look()) >= WorkerReference.ripeness && accept(index, cell)
    }
    switch result {
    case .stolen:
      let end = victim.state.forks.publicEnd.load(ordering: .relaxed)
      let isFromSpared = victim == state.spared && end != state.sparedEnd
      state.loot = Loot(from: victim, at: state.lookedAt, isFromSpared: isFromSpared)
      state.counters.stolen.add()
      if victim.state.forks.shows(fewerThan: ForkDeque.fewestShown) { victim.requestExposure() }
    case .lost: state.counters.failedSteals.add()
    case .empty, .refused: break
    }
    return result
  }

  /// xorshift64* (Marsaglia 2003, Vigna 2016).
  private func nextRandom() -> UInt64 {
    var bits = state.random
    bits ^= bits >> 12
    bits ^= bits << 25
    bits ^= bits >> 27
    state.random = bits
    return (bits &* 0x2545_F491_4F6C_DD1D) >> 32
  }
}

// MARK: - Performing

extension WorkerReference {
  /// Notes that stolen work is done: if it was short, the worker that it belonged to is spared for a while.
  private func noteLength(of loot: Loot) {
    let now = look()
    state.sparedSince = now
    state.spared = nil
    guard now &- loot.at < WorkerReference.worthwhile, let victim = loot.from else { return }
    // An owner that has neither exposed anything since this was asked last, nor taken anything back, is busy with
    // something longer, and not spared; or it has no processor, and may need this one. (Another owner with the same
    // end is not spared either, this once.)
    let end = victim.state.forks.publicEnd.load(ordering: .relaxed)
    if end == state.sparedEnd {
      state.shortLoots &+= 1
      if state.shortLoots % 4 == 0 { yieldProcessor() }
      return
    }
    state.spared = victim
    state.sparedEnd = end
  }

  /// Runs what this worker has found, on top of whatever its stack holds.
  func perform(_ work: Work) {
    let loot = state.loot
    state.loot = Loot()
    switch work {
    case .fork(let cell, let victim):
      defer { noteLength(of: loot) }
      let job = unsafe cell.job
      unsafe activate(group: 0, context: job.pointee.context, level: cell.level) { ticket in
        unsafe job.pointee.status.store(ticket.bits, ordering: .releasing)  // pairs with `WorkerReference.wait(for:)`
        unsafe state.place.with(job.pointee.values) { unsafe skein_closure_call(job.pointee.closure) }
      }
      let outcome = unsafe state.handsBack ? ForkJob.handedBack : ForkJob.done
      state.handsBack = false
      // The last access to the job: its frame may be gone after this. The store comes before the check for a sleeper.
      unsafe job.pointee.status.store(outcome, ordering: .sequentiallyConsistent)  // pairs with `wait(for:)`
      victim.wakeFromWaiting()

    case .task(let task):
      defer { noteLength(of: loot) }
      let scope = task.scope
      unsafe activate(group: scope.group, context: scope.context, level: scope.level, scope: scope) { _ in
        state.place.with(scope.values) { runTasks(from: task) }
      }
      scope.finishOne()

    case .submission(let submission):
      state.counters.submissions.add()
      let context = unsafe submission.context.map { unsafe Unmanaged.passUnretained($0) }
      // No less deep than where this worker stands, which may run a call that it waits for: what that forks is inner work there.
      unsafe activate(group: submission.group, context: context, level: max(submission.level, level)) { _ in
        state.place.with(submission.values) { submission.perform() }
      }
      searchAgain()
      submission.finish()
      if pool.lifecycle.finish() { pool.wakeEverybody() }

    case .detached(let closure):
      state.counters.submissions.add()
      unsafe activate(group: 0, context: nil, level: 0) { _ in
        state.place.with(.none) { closure.run() }
      }
      if pool.lifecycle.finish() { pool.wakeEverybody() }

    case .job(let job):
      // A task has its own task-local values, which this thread sees while its job runs.
      unsafe activate(group: 0, context: nil, level: 0) { _ in runJobs(from: job) }
    }
  }

  /// Opens an activation around `body`, and restores the worker's previous state.
  /// - Parameter scope: The scope whose task it is, if it is one.
  private func activate(
    group: UInt64, context newContext: ContextReference?, level newLevel: UInt, scope: ScopeReference? = nil,
    _ body: (Ticket) -> Void
  ) {
    let (oldContext, oldLevel) = unsafe (context, level)
    let oldTask = unsafe state.knownTask
    unsafe state.knownTask = state.place.task
    let (oldScope, oldFloor) = (state.openScope, state.forks.taskFloor)
    let floor = state.forks.tail
    state.openScope = scope
    state.forks.taskFloor = floor
    let depth = state.depth
    state.depth = depth + 1
    state.serial &+= 1
    state.counters.deepestStack.raise(to: UInt64(depth + 1))
    // Beyond the deepest entry the work is not published: no other worker helps with it, and its own thread does it
    // all. (Its entry is never made, so a ticket of it is never found open.)
    let isPublished = depth < ActivationList.capacity
    let serial = isPublished ? max(1, Ticket.serial(state.serial)) : 0
    let ticket = Ticket(worker: index, depth: isPublished ? depth : Ticket.maximumDepth - 1, serial: serial)
    if isPublished {
      unsafe state.activations.makeEntry(depth).pointee.open(
        serial: serial, group: group, floor: floor)
    }
    unsafe context = newContext
    level = newLevel
    body(ticket)
    level = oldLevel
    unsafe context = oldContext
    unsafe state.knownTask = oldTask
    state.openScope = oldScope
    state.forks.taskFloor = oldFloor
    state.forks.settle(above: floor)
    if isPublished { unsafe state.activations.makeEntry(depth).pointee.close() }
    state.depth = depth
  }
}
