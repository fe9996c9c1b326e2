internal import CSkein
internal import SkeinDeque
internal import Synchronization

/// The state that the threads of one pool share.
///
/// It is a noncopyable struct behind a pointer, like `Worker`: workers reach it through their own pointer without
/// reference counting, which for all of them would change the same word.
///
/// SAFETY: the stored properties are immutable, atomics or locks, except for `pool`, a weak reference, which the
/// runtime reads and clears atomically, and `executor`; both are written once, before the pool is handed out.
@safe
struct PoolCore: ~Copyable {
  let waitPolicy: WaitPolicy
  /// The workers of its own threads.
  let workers: Workers
  let spares = Spares()
  let standIns: StandIns
  /// How much stack a thread from outside must have left to become a guest, in bytes; see `leastStackOfGuests(in:)`.
  let leastStackOfGuests: Int

  let sleep: Sleep
  /// Calls from outside.
  let injected = SubmissionQueue()
  /// Closures that nothing waits for; only a worker that waits for nothing takes them.
  let detached = InjectionQueue<DetachedClosure>()
  /// Jobs of Swift's tasks that are in no worker's queue.
  let jobs = PoolJobs()
  /// Scopes with tasks that are in no deque; and scopes of threads outside any pool that are not guests, all of whose
  /// tasks are in no deque.
  let scopesWithOverflow = InjectionQueue<ScopeReference>()
  let scopesOfOutsiders = InjectionQueue<ScopeReference>()
  /// For scopes of threads outside any pool.
  let unusedScopes = Mutex(UnusedScopes())
  /// The number of calls on each thread that are under way.
  let openCalls = Atomic<Int>(0)
  /// The number of threads of this pool that have not ended, and the workers of other pools that wait for the last one.
  let threadsLeft = Atomic<Int>(0)
  let waitingForEnd = Mutex<[WorkerReference]>([])
  /// Threads outside any pool that wait for that, too.
  let outsidersWaitingForEnd = Mutex<[EndOfPool]>([])
  let lifecycle = Lifecycle()
  /// SAFETY: the owner frees this in its `deinit`.
  unowned(unsafe) let owner: PoolOwner
  /// The pool as users have it, a `ThreadPool`, which is in a layer above this one.
  fileprivate(set) weak var pool: AnyObject?
  /// The same object, as the runtime knows it when it runs tasks' jobs here.
  ///
  /// SAFETY: it is used to run jobs of tasks that keep that object alive; see `ThreadPool.enqueue(_:)`.
  fileprivate(set) var executor: UnownedTaskExecutor?

  fileprivate init(workers: Workers, owner: PoolOwner) {
    waitPolicy = owner.configuration.waitPolicy
    leastStackOfGuests = PoolCore.leastStackOfGuests(in: owner.configuration)
    self.workers = workers
    standIns = StandIns(most: owner.configuration.maximumStandIns)
    sleep = Sleep(threadCount: workers.count)
    unsafe self.owner = owner
  }

  var threadCount: Int { workers.count }

  /// The number of workers, including those of spare threads and guests.
  var workerCount: Int { workers.count + spares.count }

  /// Returns a worker by its index; large indices are those of spare threads and guests.
  func worker(_ index: Int) -> WorkerReference {
    index < workers.count ? workers[index] : spares[index - workers.count]
  }

  /// Returns whether a condition holds for some worker, including those of spare threads and guests.
  func anyWorker(where condition: (WorkerReference) -> Bool) -> Bool {
    workers.contains(where: condition) || (0..<spares.count).contains { condition(spares[$0]) }
  }

  static func === (left: borrowing PoolCore, right: borrowing PoolCore) -> Bool { left.workers == right.workers }

  /// Whether the calling thread is a worker of this pool.
  var isCurrent: Bool {
    guard let worker = WorkerReference.current else { return false }
    return worker.pool === self
  }
}

/// Where a thread outside any pool sleeps until a pool has ended.
final class EndOfPool: Sendable { let parker = Parker() }

/// The owner that keeps a pool's state alive, held by its `ThreadPool`, its threads, and everything that may access it
/// after the last wait for it is over.
///
/// SAFETY: the pointer never changes, and `PoolCore` is made to be shared.
@safe
final class PoolOwner: @unchecked Sendable {
  // SAFETY: allocated and initialised in `init`, destroyed in `deinit`.
  private let pointer: UnsafeMutablePointer<PoolCore>
  let configuration: PoolSettings
  /// The name of the thread at each position, requested once: spare threads are started under locks, where no user code
  /// may run.
  let threadNames: [String]
  /// The pool's own threads, for the first caller that waits for their end.
  let threads = Mutex<[SystemThread]>([])

  init(threadCount: Int, configuration: PoolSettings) {
    self.configuration = configuration
    threadNames = (0..<threadCount).map(configuration.threadName)
    unsafe pointer = .allocate(capacity: 1)
    let workers = unsafe Workers(count: threadCount, pool: pointer)
    unsafe pointer.initialize(to: PoolCore(workers: workers, owner: self))
  }

  deinit {
    core.workers.free()
    core.spares.free()
    unsafe pointer.deinitialize(count: 1)
    unsafe pointer.deallocate()
  }

  var core: PoolCore {
    unsafeAddress { unsafe address }
  }

  var address: UnsafePointer<PoolCore> { unsafe UnsafePointer(pointer) }

  /// Called once, before any other thread knows the pool.
  func setPool(_ pool: some TaskExecutor) {
    unsafe pointer.pointee.pool = pool
    unsafe pointer.pointee.executor = UnownedTaskExecutor(ordinary: pool)
  }
}

/// The workers of a pool, by index.
///
/// SAFETY: `count` initialised workers, made and freed by the pool's owner, valid as long as it lives.
@safe
struct Workers: RandomAccessCollection, Equatable, @unchecked Sendable {
  private let first: UnsafeMutablePointer<Worker>
  let count: Int

  fileprivate init(count: Int, pool: UnsafePointer<PoolCore>) {
    self.count = count
    unsafe first = .allocate(capacity: count)
    for index in 0..<count {
      unsafe (first + index).initialize(
        to: Worker(index: index, position: index, role: .own, threadCount: count, pool: pool))
    }
  }

  fileprivate func free() {
    unsafe first.deinitialize(count: count)
    unsafe first.deallocate()
  }

  static func == (left: Workers, right: Workers) -> Bool { unsafe left.first == right.first }

  var startIndex: Int { 0 }
  var endIndex: Int { count }

  subscript(index: Int) -> WorkerReference {
    precondition(index >= 0 && index < count)
    return unsafe WorkerReference(first + index)
  }
}

/// The number of names for groups given so far.
private let groupCount = Atomic<UInt64>(0)

/// Returns a name for a scope, a call on each thread or a call into another pool: unique across all pools, and never a
/// ticket's bits.
func newGroup() -> UInt64 { groupCount.add(1, ordering: .relaxed).newValue | 1 << 63 }

// MARK: - Waking

extension PoolCore {
  /// Wakes one worker that waits for nothing, if one sleeps and not enough are awake: a worker in whose place a guest
  /// works only for what `hasCalls` reports; under `.anyWork` a waiting one will do. The caller has made new work
  /// visible before.
  /// - Returns: Whether some worker looks for work.
  @discardableResult
  func wakeFreeWorker() -> Bool {
    if sleep.sendSleeper() { return true }
    // If only hosts sleep, there may be something for them: a thread that has submitted a call meanwhile may have
    // relied on the searcher that was counted here in vain.
    if sleep.count(.free) > 0, hasCalls { sleep.wakeHost() }
    if standIns.areAsleep, hasWorkForStandIns { standIns.wake() }
    guard waitPolicy == .anyWork, sleep.count(.waiting) > 0 else { return false }
    return workers.contains { !$0.isLent && $0.state.parker.wake(.waiting) }
  }

  /// Wakes one worker that can take the jobs which `owner` has just exposed: a free one, or one that waits for what
  /// `owner` does.
  ///
  /// Finding a waiting one takes at least as many steps as there are workers. So it is tried only occasionally: helping
  /// is optional.
  func wakeHelper(of owner: WorkerReference) {
    if wakeFreeWorker() { return }
    guard sleep.count(.waiting) > 0, owner.mayLookForHelpers() else { return }
    _ = wakeWaiter(toHelp: owner)
  }

  /// Wakes one worker for exposed work which `worker` has passed over for other work: the thread that exposed it may
  /// have woken just this worker.
  private func wakeSomebodyElse(than worker: WorkerReference) {
    if wakeFreeWorker() { return }
    guard sleep.count(.waiting) > 0, worker.mayLookForHelpers() else { return }
    _ = anyWorker { !$0.state.forks.looksEmpty && wakeWaiter(toHelp: $0) }
  }

  /// Wakes a sleeper if there is work for one.
  func wakeForMore() {
    if sleep.count(.free) > 0 || sleep.count(.waiting) > 0 || standIns.areAsleep, hasWorkForFree() { wakeFreeWorker() }
  }

  private func wakeWaiter(toHelp owner: WorkerReference) -> Bool {
    anyWorker { worker in
      guard worker != owner && worker.state.parker.isAnnounced(.waiting) else { return false }
      return worker.mayHelp(owner) && worker.state.parker.wake(.waiting)
    }
  }

  /// Wakes all threads so that they see that the pool is over.
  func wakeEverybody() {
    for worker in workers { worker.state.parker.wake() }
    endSpares()
  }
}

// MARK: - Submitting

extension PoolCore {
  /// Puts a submission where the next free worker finds it.
  func inject(_ submission: Submission) {
    injected.push(submission)
    wakeFreeWorker()
  }

  /// Puts a detached closure where the next free worker finds it.
  func detach(_ closure: DetachedClosure) {
    detached.push(closure)
    wakeFreeWorker()
  }

  /// Whether something is pending that a worker in whose place a guest works may take: a call, a detached closure, or a
  /// task of a scope of a thread outside any pool.
  var hasCalls: Bool { hasCallsInQueues || hasJobsOfWorkers }

  /// The same, without the jobs of tasks in workers' queues.
  fileprivate var hasCallsInQueues: Bool {
    !injected.isEmpty || !detached.isEmpty || !scopesOfOutsiders.isEmpty || jobs.areInQueue
  }

  /// Whether the calling thread does work that this pool has accepted: it is one of its workers, or one of them waits
  /// for it.
  var isCalledByAcceptedWork: Bool {
    if isCurrent { return true }
    return unsafe WorkerReference.current?.context?._withUnsafeGuaranteedRef { $0.nearestBlocked(in: self) != nil }
      ?? false
  }

  /// Runs a closure on a worker of this pool while the caller waits.
  func runBlocking(_ words: skein_closure) {
    guard let worker = WorkerReference.current else {
      unsafe submitOutside(words).waitOutsidePools()
      return
    }
    let asksTask = worker.mayRunUnknownTask && worker.askRunningTask()
    defer { if asksTask { worker.forgetTask() } }
    let parent = unsafe worker.context?.takeUnretainedValue()
    let context = RunContext(parent: parent, blocked: worker)
    let blocked = parent?.nearestBlocked(in: self)
    lifecycle.accept(isPartOfAcceptedWork: blocked != nil)
    // Under `.anyWork` any waiting worker will do.
    let addressee = waitPolicy == .anyWork ? nil : blocked
    let submission = unsafe Submission(
      .borrowed(words), caller: .worker(worker), context: context, values: worker.values, level: worker.level,
      addressee: addressee)
    if let addressee { addressee.deliver(submission) } else { inject(submission) }
    worker.wait(forCall: submission, in: context, to: self)
    context.close()
  }

  /// Submits a closure of a thread outside any pool, which then waits for it.
  func submitOutside(_ words: skein_closure) -> Submission {
    lifecycle.accept(isPartOfAcceptedWork: false)
    let submission = unsafe Submission(.borrowed(words), caller: .thread, context: nil, values: .current)
    if sleep.searchingCount == 0 { submission.patience = .none }
    inject(submission)
    return submission
  }
}

// MARK: - The life of a worker thread

extension PoolCore {
  /// The main function of a thread of the pool's own.
  func runWorker(_ worker: WorkerReference) {
    var vigil = Vigil()
    worker.state.isInLoop = true
    defer { worker.state.isInLoop = false }
    while !lifecycle.isOver {
      let work = worker.findWork()
      if work != nil {
        // Pass it on: if there is more, another worker may sleep beside it.
        if worker.stopSearching(), sleep.count(.free) > 0 || sleep.count(.waiting) > 0 || standIns.areAsleep,
          hasWorkForFree(), !mayLeaveRestToWatcher(worker)
        {
          wakeSomebodyElse(than: worker)
        }
      } else if worker.releasePool() {
        // Perhaps the pool is over.
        continue
      } else if worker.mayTakeJobs {
        if !worker.startSearching() { vigil.losePatience() }
      } else if worker.stopSearching(), hasWorkForFree() {
        // This worker may have been woken for work that it may not take.
        wakeSomebodyElse(than: worker)
      }
      switch vigil.look(hasFound: work != nil) {
      case .goOn: worker.perform(work!)
      // A caller waits for its call to be taken. The queue is separate; to check the deques so often would slow down
      // their owners.
      case .pause(let pause): if pause.wait(orUntil: { hasCallsInQueues }) { worker.takeSubmissionNext() }
      case .announce: worker.sleepFree(&vigil)
      }
    }
    worker.stopSearching()
  }

  /// Whether no worker need be woken for what a thief has left: it is expected to be short, and the pool's watcher will
  /// see it if it is not.
  private func mayLeaveRestToWatcher(_ worker: WorkerReference) -> Bool {
    guard worker.state.loot.isFromSpared, !hasCalls, scopesWithOverflow.isEmpty else { return false }
    sleep.noteCall()
    return sleep.isWatched
  }

  /// Whether a free worker would find something: the last look before it sleeps.
  func hasWorkForFree() -> Bool {
    hasCalls || !scopesWithOverflow.isEmpty || hasJobs
  }

  /// Whether some worker exposes a job or a task.
  fileprivate var hasJobs: Bool { anyWorker { !$0.state.forks.looksEmpty } }
}

extension WorkerReference {
  /// Whether it may take any work that it finds.
  fileprivate var mayTakeJobs: Bool { !isLent && mayTakeFromOthers }

  /// Counts this worker among those that look for work, unless it is counted.
  /// - Returns: False if it is one too many.
  fileprivate func startSearching() -> Bool {
    if state.isSearching { return true }
    state.isSearching = true
    return pool.sleep.startSearching()
  }

  /// Uncounts this worker, if it is counted.
  /// - Returns: Whether it was.
  @discardableResult
  fileprivate func stopSearching() -> Bool {
    if !state.isSearching { return false }
    state.isSearching = false
    pool.sleep.stopSearching()
    return true
  }

  /// Called when this worker is about to mark a call as done, after which its caller may make the next: that caller
  /// finds this worker looking for work, and need not wake another.
  func searchAgain() {
    guard state.isInLoop && state.depth == 0 && mayTakeJobs else { return }
    if !startSearching() { stopSearching() }
  }

  /// Sleeps until there is work for a worker that waits for nothing. A worker whose place a spare thread has takes no
  /// work from others, so it must not be woken for that. Afterwards it may be counted among those that look for work,
  /// as before.
  func sleepFree(_ vigil: inout Vigil) {
    let isLent = isLent
    let kind = isLent ? Parker.Kind.blocked : .free
    pool.sleep.fallAsleep(kind)
    defer { pool.sleep.getUp(kind) }
    stopSearching()
    state.parker.announce(kind)
    if !isLent { pool.sleep.list(self) }
    // The last look comes after the announcement, see *lost wake-up* in `Sleeping.md`.
    let hasWork = isLent ? !self.isLent : mayTakeFromOthers ? hasWorkToTake() : hasWorkForHost()
    var hasSeenWork = hasWork || hasShares || pool.lifecycle.isOver
    switch vigil.lastLook(hasFound: hasSeenWork) {
    case .stayAwake:
      state.isSearching = state.parker.stayAwake()
    case .sleep where kind == .free && pool.sleep.mayWatch():
      let isSent = sleep(sleepAndWatch)
      state.isSearching = isSent ?? state.parker.stayAwake()
      // If it has been woken for something else, it may leave what was exposed to it as the watcher.
      hasSeenWork = isSent != true
      if isSent == false, !mayTakeJobs, pool.hasJobs { pool.wakeFreeWorker() }
      vigil.wake()
    case .sleep:
      state.isSearching = sleep { state.parker.sleep(kind) }
      vigil.wake()
    }
    // The thread that has made that work visible may have relied on this worker and woken none, though there was more
    // than one piece of it. So this worker searches again: it passes on what it does not take itself.
    if hasSeenWork, mayTakeJobs { _ = startSearching() }
  }

  /// Sleeps as the pool's watcher, having announced it as a free worker: looks once in a while for work that was
  /// exposed without waking a worker.
  /// - Returns: Whether this worker has been sent to look for work; nil if it has seen some by itself, in which case
  ///   the announcement still stands.
  private func sleepAndWatch() -> Bool? {
    var idleLooks = 0
    while true {
      if idleLooks == Patience.idleLooksOfWatcher { pool.sleep.stopWatching() }
      // It looks once more after it has cleared its flag.
      if idleLooks > Patience.idleLooksOfWatcher { return state.parker.sleep(.free) }
      if let isSent = state.parker.sleep(.free, nanoseconds: Sleep.timeBetweenLooks) {
        pool.sleep.stopWatching()
        return isSent
      }
      idleLooks = pool.sleep.hasBeenCalled() && idleLooks < Patience.idleLooksOfWatcher ? 0 : idleLooks + 1
      guard pool.hasWorkForFree() else { continue }
      if mayTakeFromOthers {
        pool.sleep.stopWatching()
        return nil
      }
      pool.wakeFreeWorker()
    }
  }

  /// The last look of a worker that may take anything. If it spares whoever exposes a job, it may leave that to another
  /// that looks for work, and looks like this before it sleeps; or to the watcher.
  private func hasWorkToTake() -> Bool {
    pool.hasWorkForFree()
      && (seesJobs || pool.hasCalls || !pool.scopesWithOverflow.isEmpty
        || pool.sleep.searchingCount == 0 && !pool.sleep.isWatched)
  }

  /// The last look of a worker in whose place a guest works: for calls, and whether the guest is still there if there
  /// are jobs.
  private func hasWorkForHost() -> Bool {
    if pool.hasCalls { return true }
    guard pool.hasWorkForFree() else { return false }
    // The thread that exposed the jobs may have relied on this worker, before the guest came. If only hosts sleep, that
    // is noted.
    pool.wakeFreeWorker()
    return mayTakeFromOthers
  }

  /// Sleeps, visibly for the search for a standstill.
  func sleep<Result>(_ body: () -> Result) -> Result {
    state.counters.sleeps.add()
    state.sleepPhase.add(1, ordering: .sequentiallyConsistent)  // pairs with `isAsleep`
    defer { state.sleepPhase.add(1, ordering: .sequentiallyConsistent) }
    return body()
  }
}
