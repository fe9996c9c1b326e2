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
  /// What no other pool is ever called.
  let name = newGroup()
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
  let largeRings = LargeRings()
  /// The name of the thread at each position, requested once: spare threads are started under locks, where no user code
  /// may run.
  let threadNames: [String]
  /// The pool's own threads, for the first caller that waits for their end.
  let threads = Mutex<[SystemThread]>([])

  init(threadCount: Int, configuration: PoolSettings) {
    self.configuration = configuration
    threadNames = (0..<threadCount).map(configuration.threadName)
    unsafe pointer = .allocate(capacity: 1)
    let workers = unsafe Workers(count: threadCount, pool: pointer, largeRings: largeRings)
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

  fileprivate init(count: Int, pool: UnsafePointer<PoolCore>, largeRings: LargeRings) {
    self.count = count
    unsafe first = .allocate(capacity: count)
    for index in 0..<count {
      unsafe (first + index).initialize(
        to: Worker(
          index: index, position: index, role: .own, threadCount: count, pool: pool, largeRings: largeRings))
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

/// Returns a name for a scope, a call on each thread, a call into another pool, or a pool: unique across all pools, and never a
/// ticket's bits.
func newGroup() -> UInt64 { groupCount.add(1, ordering: .relaxed).newValue | 1 << 63 }

// MARK: - Waking

extension PoolCore {
  /// Wakes one worker that waits for nothing, if one sleeps and not enough are awake: a worker in whose place a guest
  /// works only for what `hasCalls` reports; under `.anyWork` a waiting one will do. The caller has made new work
  /// visible before.
  /// - Parameters:
  ///   - waker: The calling worker, if it is one of this pool that goes on working: it looks after the one that it has
  ///     woken.
  ///   - goesOn: Whether the calling thread goes on, if it is another one.
  /// - Returns: Whether some worker looks for work.
  @discardableResult
  func wakeFreeWorker(by waker: WorkerReference? = nil, orOutsiderThatGoesOn goesOn: Bool = false) -> Bool {
    if sleep.sendSleeper(by: waker, orOutsiderThatGoesOn: goesOn) { return true }
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
    if wakeFreeWorker(by: owner) { return }
    guard sleep.count(.waiting) > 0, owner.mayLookForHelpers() else { return }
    _ = wakeWaiter(toHelp: owner)
  }

  /// Wakes one worker for exposed work which `worker` has passed over for other work: the thread that exposed it may
  /// have woken just this worker.
  func wakeSomebodyElse(than worker: WorkerReference) {
    if wakeFreeWorker(by: worker) { return }
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
    wakeFreeWorkerAndGoOn(WorkerReference.current)
  }

  /// Wakes one worker for work that the calling thread has made visible, and does not wait for yet.
  /// - Parameter worker: The calling worker, of whichever pool.
  func wakeFreeWorkerAndGoOn(_ worker: WorkerReference?) {
    if let worker, worker.pool === self {
      wakeFreeWorker(by: worker)
    } else {
      wakeFreeWorker(orOutsiderThatGoesOn: true)
    }
  }

  /// Whether something is pending that a worker in whose place a guest works may take: a call, a detached closure, or a
  /// task of a scope of a thread outside any pool.
  var hasCalls: Bool { hasCallsInQueues || hasJobsOfWorkers }

  /// The same, without the jobs of tasks in workers' queues.
  var hasCallsInQueues: Bool { hasSubmissions || !scopesOfOutsiders.isEmpty || jobs.areInQueue }

  /// Whether a call or a detached closure is pending.
  var hasSubmissions: Bool { !injected.isEmpty || !detached.isEmpty }

  /// Whether the calling thread does work that this pool has accepted: it is one of its workers, or one of them waits
  /// for it, or has submitted it.
  var isCalledByAcceptedWork: Bool {
    if isCurrent { return true }
    return unsafe WorkerReference.current?.context?._withUnsafeGuaranteedRef { $0.isPartOfWork(of: self) } ?? false
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
    lifecycle.accept(isPartOfAcceptedWork: blocked != nil || isCalledByAcceptedWork)
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
