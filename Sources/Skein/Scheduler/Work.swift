internal import CSkein
internal import Synchronization

/// Something that a worker has found to do and now owns.
enum Work {
  /// A job stolen from a worker's deque.
  case fork(ForkCell, from: WorkerReference)
  /// Tasks of a scope, to be run one after the other.
  case scopeTasks([ScopeTask], of: ScopeCore)
  /// A call from elsewhere.
  case submission(Submission)
}

// MARK: - Finding

extension WorkerReference {
  /// Something to do for a worker that waits for nothing.
  ///
  /// Forks come first, since they finish what was begun; but one time in four a submission from outside does, so that it
  /// starts soon however much there is to steal.
  func findWork() -> Work? {
    if let share = takeShare(where: { _ in true }) { return .submission(share) }
    unsafe pointer.pointee.tick &+= 1
    if unsafe pointer.pointee.tick & 3 == 0, let submission = takeSubmission() { return .submission(submission) }
    if let work = stealFromAnybody() { return work }
    if let work = pool.scopes.take() { return work }
    return takeSubmission().map { .submission($0) }
  }

  /// A call from outside or a detached closure, in turn if there are both.
  private func takeSubmission() -> Submission? {
    unsafe pointer.pointee.tick & 4 == 0
      ? pool.injected.take() ?? pool.detached.take() : pool.detached.take() ?? pool.injected.take()
  }

  /// Steals the oldest fork of some worker, beginning with a random one; its own too if it may.
  func stealFromAnybody(includingOwn: Bool = false, atLevel lowest: UInt = 0) -> Work? {
    let count = pool.threadCount
    guard count > 1 || includingOwn else { return nil }
    let start = Int(truncatingIfNeeded: nextRandom() % UInt64(count))
    var sawRace = true
    while sawRace {
      sawRace = false
      for offset in 0..<count {
        let victim = pool.workers[(start + offset) % count]
        if victim == self && !includingOwn { continue }
        switch steal(from: victim, accept: { _, cell in cell.level >= lowest }) {
        case .stolen(let cell): return .fork(cell, from: victim)
        case .lost: sawRace = true
        case .empty, .refused: break
        }
      }
    }
    return nil
  }

  /// How long a job must have been on show before it is stolen, in ticks: about what it costs both sides to have it stolen.
  ///
  /// A shorter job is better done by its owner, which takes it back for a tenth of that. Who is hungry meanwhile keeps looking.
  private static var ripeness: UInt64 { 1500 }

  /// One attempt at the oldest job of `victim`.
  func steal(from victim: WorkerReference, accept: (Int, ForkCell) -> Bool) -> ForkDeque.StealResult {
    let result = unsafe victim.pointer.pointee.forks.steal { index, cell in
      unsafe victim.pointer.pointee.forks.age(at: look()) >= WorkerReference.ripeness && accept(index, cell)
    }
    switch result {
    case .stolen:
      unsafe pointer.pointee.counters.stolen.add()
      if unsafe victim.pointer.pointee.forks.looksEmpty { victim.askForAttention() }
    case .lost: unsafe pointer.pointee.counters.failedSteals.add()
    case .empty, .refused: break
    }
    return result
  }

  /// xorshift64* (Marsaglia 2003, Vigna 2016).
  private func nextRandom() -> UInt64 {
    var state = unsafe pointer.pointee.random
    state ^= state >> 12
    state ^= state << 25
    state ^= state >> 27
    unsafe pointer.pointee.random = state
    return (state &* 0x2545_F491_4F6C_DD1D) >> 32
  }
}

// MARK: - Performing

extension WorkerReference {
  /// Runs what this worker has found, on top of whatever its stack holds.
  func perform(_ work: Work) {
    switch work {
    case .fork(let cell, let victim):
      let job = unsafe cell.job
      unsafe activate(group: 0, context: job.pointee.context, level: cell.level) { ticket in
        unsafe job.pointee.status.store(ticket.bits, ordering: .releasing)  // pairs with `WorkerReference.wait(for:)`
        unsafe skein_closure_call(job.pointee.closure)
      }
      let outcome = unsafe pointer.pointee.handsBack ? ForkJob.handedBack : ForkJob.done
      unsafe pointer.pointee.handsBack = false
      // The last touch of the job: its frame may be gone after this. The store comes before the look at the sleeper.
      unsafe job.pointee.status.store(outcome, ordering: .sequentiallyConsistent)  // pairs with `wait(for:)`
      victim.wakeFromWaiting()

    case .scopeTasks(let tasks, let scope):
      unsafe pointer.pointee.counters.scopeTasks.add(UInt64(tasks.count))
      for task in tasks {
        unsafe activate(group: scope.group, context: scope.context, level: scope.level) { _ in
          scope.run(task)
        }
        scope.finishOne()
      }

    case .submission(let submission):
      unsafe pointer.pointee.counters.submissions.add()
      let context = unsafe submission.context.map { unsafe Unmanaged.passUnretained($0) }
      unsafe activate(group: submission.group, context: context, level: submission.level) { _ in
        submission.perform()
      }
      submission.finish()
      if pool.lifecycle.finish() { pool.wakeEverybody() }
    }
  }

  /// Opens an activation around `body`, and puts back what the worker did before.
  private func activate(
    group: UInt64, context newContext: ContextReference?, level newLevel: UInt, _ body: (Ticket) -> Void
  ) {
    let (oldContext, oldLevel) = unsafe (context, level)
    let depth = unsafe pointer.pointee.depth
    unsafe pointer.pointee.depth = depth + 1
    unsafe pointer.pointee.serial &+= 1
    unsafe pointer.pointee.counters.deepestStack.raise(to: UInt64(depth + 1))
    // Beyond the deepest entry the work is not published: nobody helps with it, and its own thread does it all.
    let isPublished = depth < Ticket.maximumDepth - 1
    let serial = isPublished ? unsafe pointer.pointee.serial : 0
    let ticket = Ticket(worker: index, depth: isPublished ? depth : Ticket.maximumDepth - 1, serial: serial)
    if isPublished {
      unsafe pointer.pointee.activations.entry(depth).pointee.open(
        serial: ticket.serial, group: group, floor: pointer.pointee.forks.tail)
    }
    unsafe context = newContext
    level = newLevel
    body(ticket)
    level = oldLevel
    unsafe context = oldContext
    if isPublished { unsafe pointer.pointee.activations.entry(depth).pointee.close() }
    unsafe pointer.pointee.depth = depth
  }
}

// MARK: - Suspending

extension WorkerReference {
  /// Runs something that the innermost activation did not make. Meanwhile that activation is not open, so nobody who waits for it
  /// takes any of the other work for its own.
  func suspendActivation(_ body: () -> Void) {
    let depth = unsafe pointer.pointee.depth
    guard (1..<Ticket.maximumDepth).contains(depth) else { return body() }
    let entry = unsafe pointer.pointee.activations.entry(depth - 1)
    let serial = unsafe entry.pointee.serial.load(ordering: .relaxed)  // its own writer
    unsafe entry.pointee.close()
    body()
    unsafe entry.pointee.serial.store(serial, ordering: .releasing)
  }
}
