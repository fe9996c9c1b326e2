internal import Synchronization

/// A task of a scope, not yet begun.
typealias ScopeTask = @Sendable () -> Void

/// What the threads that run a scope's tasks share.
///
/// A scope is a queue of its own. Its waiter takes tasks from this queue and no other, so it runs only what it waits for, whatever
/// else is being spawned around it; free workers find the queue through the pool's list of open scopes.
///
/// SAFETY: everything is immutable or synchronised; whoever is blocked in `context` waits for the scope too.
@safe
final class ScopeCore: @unchecked Sendable {
  /// Who waits for the scope.
  enum Waiter {
    /// A worker of the pool, which runs tasks itself.
    case worker(WorkerReference)
    /// A thread outside any pool, which just sleeps.
    case thread
  }

  let group: UInt64
  /// On whose behalf the scope was opened, and so its tasks run, wherever they are spawned from.
  let context: ContextReference?
  /// The task-local values that are seen where the scope was opened; whoever waits for it keeps them.
  let values: TaskLocalValues
  /// How deep in loops its tasks are.
  let level: UInt
  /// Whoever finishes the last task may wake the waiter when that one's pool has ended otherwise.
  private let owner: PoolOwner
  private let order: ScopeOrder
  private let waiter: WorkerReference?
  /// Where a waiter outside any pool sleeps.
  private let parker: Parker?
  private let tasks = Mutex(TaskRing())
  /// How many tasks wait in the ring; written under its lock.
  private let queued = Atomic<Int>(0)
  /// Spawned and not yet finished, plus one for the body of the scope. Once it is zero it stays so.
  private let unfinished = Atomic<Int>(1)
  private let spawned = Atomic<Int>(0)
  /// Whether the scope is on the pool's list; written under the list's lock.
  fileprivate let isListed = Atomic<Bool>(false)

  init(order: ScopeOrder, waiter: WorkerReference?, in owner: PoolOwner) {
    self.order = order
    self.waiter = waiter
    parker = waiter == nil ? Parker() : nil
    unsafe context = waiter?.context
    values = waiter?.values ?? .current
    level = waiter?.innerLevel ?? 1
    self.owner = owner
    group = newGroup()
  }

  private var pool: PoolCore {
    unsafeAddress { unsafe owner.address }
  }

  /// How many tasks have been spawned so far.
  var spawnCount: Int { spawned.load(ordering: .relaxed) }

  /// Spawns a task that has been counted.
  func spawn(_ body: @escaping ScopeTask) {
    if !isListed.load(ordering: .acquiring) { pool.scopes.open(self) }  // pairs with `open`
    // Values that the spawner alone sees may be gone before the task runs.
    let seen = WorkerReference.current?.values ?? .current
    let task = seen == values ? body : TaskLocalCopies.keeping(body)
    let waiting = tasks.withLock { tasks in
      tasks.append(task)
      // Pairs with `hasTasks`; before the look at the sleepers.
      queued.store(tasks.count, ordering: .sequentiallyConsistent)
      return tasks.count
    }
    // With a task for everybody there already, everybody has been woken or will wake the next one.
    if waiting > pool.threadCount { return }
    if !pool.wakeFreeWorker(), let waiter, WorkerReference.current != waiter { waiter.wakeFromWaiting() }
  }

  /// Counts one more task, or traps if the scope has ended: it cannot end any more before that task is finished.
  /// - Returns: Its position in the order of spawning.
  @discardableResult
  func newOrdinal() -> Int {
    var count = unfinished.load(ordering: .relaxed)
    while true {
      require(count > 0, "a task was spawned into a scope that has ended")
      let change = unfinished.weakCompareExchange(expected: count, desired: count + 1, ordering: .relaxed)
      if change.exchanged { break }
      count = change.original
    }
    return spawned.add(1, ordering: .relaxed).oldValue
  }

  /// Spawns one task for each worker, which only that worker runs.
  func spawnOnEachThread(_ body: @escaping @Sendable (_ ordinal: Int, _ index: Int) -> Void) {
    // Before the shares are counted: nothing of the scope's may be used once the last of them is finished.
    let ordinals = pool.workers.map { _ in newOrdinal() }
    let context = unsafe context?.takeUnretainedValue()
    pool.openCalls.add(1, ordering: .sequentiallyConsistent)  // pairs with `WorkerReference.publish`
    let unfinishedShares = Countdown(pool.threadCount)
    for (worker, ordinal) in zip(pool.workers, ordinals) {
      pool.lifecycle.accept(isPartOfAcceptedWork: true)
      let share = Submission(
        .owned { body(ordinal, worker.position) },
        caller: .closure { [self] in
          if unfinishedShares.finishOne() { pool.openCalls.subtract(1, ordering: .sequentiallyConsistent) }
          finishOne()
        }, context: context, values: values, level: level, group: group, for: worker)
      worker.give(share)
    }
  }

  /// Counts down to the last share of a call on each thread.
  private final class Countdown: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) { self.count = Atomic(count) }

    func finishOne() -> Bool { count.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
  }

  var hasTasks: Bool { queued.load(ordering: .sequentiallyConsistent) > 0 }

  /// Which task is to be taken.
  enum Choice {
    /// The next by the scope's order, for the worker that waits for the scope.
    case next
    /// The oldest, which tends to be the largest, for a thread that comes from elsewhere.
    case oldest
  }

  /// Takes a task that nobody has begun.
  func take(_ choice: Choice) -> ScopeTask? {
    guard hasTasks else { return nil }
    return tasks.withLock { tasks in
      let task = choice == .next && order == .lifo ? tasks.popLast() : tasks.popFirst()
      // Relaxed: who sees a task that is gone looks in vain, once.
      queued.store(tasks.count, ordering: .relaxed)
      return task
    }
  }

  /// Counts one task, or the body, as finished.
  func finishOne() {
    // The last one publishes what all of them did: pairs with `isFinished`.
    guard unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 else { return }
    if let waiter { waiter.wakeFromWaiting() } else { parker!.wake(.waiting) }
  }

  var isFinished: Bool { unfinished.load(ordering: .sequentiallyConsistent) == 0 }

  /// Waits until all tasks are finished, then takes the scope off the pool's list.
  func wait() {
    if !isFinished {
      if let waiter { waiter.wait(for: self) } else { parker!.wait { isFinished } }
    }
    if isListed.load(ordering: .relaxed) { pool.scopes.close(self) }  // whoever listed it has finished a task since
  }

}

/// The scopes of a pool that may have tasks.
struct OpenScopes: ~Copyable {
  private let list = Mutex<[ScopeCore]>([])
  private let count = Atomic<Int>(0)

  /// Lists a scope, unless somebody has done so.
  func open(_ scope: ScopeCore) {
    list.withLock { scopes in
      if scope.isListed.load(ordering: .relaxed) { return }
      scopes.append(scope)
      count.add(1, ordering: .sequentiallyConsistent)
      // Last: whoever sees this need not list it, and the task that he then adds is found.
      scope.isListed.store(true, ordering: .releasing)
    }
  }

  func close(_ scope: ScopeCore) {
    list.withLock { scopes in
      // Scopes close mostly in the reverse of the order in which they open.
      if let index = scopes.lastIndex(where: { $0 === scope }) { scopes.remove(at: index) }
    }
    count.subtract(1, ordering: .relaxed)
  }

  var haveTasks: Bool {
    count.load(ordering: .sequentiallyConsistent) > 0 && list.withLock { $0.contains { $0.hasTasks } }
  }

  /// A scope that has tasks, the one open longest, which tends to be the outermost: of all, or of a group.
  func scopeWithTasks(of group: UInt64?) -> ScopeCore? {
    guard count.load(ordering: .sequentiallyConsistent) > 0 else { return nil }
    return list.withLock { $0.first { $0.hasTasks && (group == nil || $0.group == group) } }
  }
}

extension WorkerReference {
  /// Takes a task of some scope, or of the one with this group, to be run by `perform`.
  ///
  /// One at a time: what a thread has taken and not begun nobody else could take.
  func takeTask(of group: UInt64? = nil) -> Work? {
    while let scope = pool.scopes.scopeWithTasks(of: group) {
      if takeTask(of: scope, .oldest) { return .scopeTask(of: scope) }
    }
    return nil
  }

  /// Takes a task of a scope, to be run by `runTakenTask`.
  func takeTask(of scope: ScopeCore, _ choice: ScopeCore.Choice) -> Bool {
    guard let task = scope.take(choice) else { return false }
    unsafe pointer.pointee.takenTask = task
    return true
  }

  /// Runs the task that this worker has just taken. It is a function of its own, at whose end the task's closure is gone, with all
  /// that it holds: the scope may end right after.
  @inline(never)
  func runTakenTask() {
    let task = unsafe pointer.pointee.takenTask.take()!
    task()
  }
}

/// A queue of tasks that is taken from at both ends: a power-of-two ring of memory that tasks are moved into and out of.
///
/// SAFETY: the cells from `first` on, `count` of them around the ring, are initialised, the others are not.
@safe
struct TaskRing: ~Copyable {
  private var cells: UnsafeMutablePointer<ScopeTask>
  private var capacity = 8
  private var first = 0
  private(set) var count = 0

  init() { unsafe cells = .allocate(capacity: capacity) }

  deinit {
    for offset in 0..<count { unsafe (cells + ((first + offset) & (capacity - 1))).deinitialize(count: 1) }
    unsafe cells.deallocate()
  }

  mutating func append(_ task: @escaping ScopeTask) {
    if count == capacity { grow() }
    unsafe (cells + ((first + count) & (capacity - 1))).initialize(to: task)
    count += 1
  }

  mutating func popLast() -> ScopeTask? {
    guard count > 0 else { return nil }
    count -= 1
    return unsafe (cells + ((first + count) & (capacity - 1))).move()
  }

  mutating func popFirst() -> ScopeTask? {
    guard count > 0 else { return nil }
    count -= 1
    let oldest = first
    first = (first + 1) & (capacity - 1)
    return unsafe (cells + oldest).move()
  }

  /// Called when the ring is full. The old cells become the first half of the new ones, oldest first.
  private mutating func grow() {
    let larger = UnsafeMutablePointer<ScopeTask>.allocate(capacity: 2 * capacity)
    unsafe larger.moveInitialize(from: cells + first, count: capacity - first)
    unsafe (larger + (capacity - first)).moveInitialize(from: cells, count: first)
    unsafe cells.deallocate()
    unsafe cells = larger
    capacity *= 2
    first = 0
  }
}
