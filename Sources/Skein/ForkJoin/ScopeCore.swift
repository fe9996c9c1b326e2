internal import Synchronization

/// A task of a scope, not yet begun.
struct ScopeTask: Sendable {
  let body: @Sendable () -> Void
}

/// What the threads that run a scope's tasks share.
///
/// A scope is a queue of its own. Its waiter takes tasks from this queue and no other, so it runs only what it waits for, whatever
/// else is being spawned around it; free workers find the queue through the pool's list of open scopes.
///
/// SAFETY: everything is immutable or synchronised; whoever is blocked in `context` waits for the scope too.
@safe
final class ScopeCore: @unchecked Sendable {
  let group: UInt64
  /// On whose behalf the scope was opened, and so its tasks run, wherever they are spawned from.
  let context: ContextReference?
  /// How deep in loops its tasks are.
  let level: UInt
  /// Whoever finishes the last task may wake the waiter when that one's pool has ended otherwise.
  private let owner: PoolOwner
  private let order: ScopeOrder
  private let waiter: WorkerReference
  private let tasks = Mutex(TaskRing())
  /// How many tasks wait in the ring; written under its lock.
  private let queued = Atomic<Int>(0)
  /// Spawned and not yet finished, plus one for the body of the scope.
  private let unfinished = Atomic<Int>(1)
  private let spawned = Atomic<Int>(0)

  init(order: ScopeOrder, waiter: WorkerReference) {
    self.order = order
    self.waiter = waiter
    unsafe context = waiter.context
    level = waiter.innerLevel
    owner = unsafe waiter.pool.owner
    group = newGroup()
  }

  private var pool: PoolCore {
    unsafeAddress { unsafe owner.address }
  }

  /// How many tasks have been spawned so far.
  var spawnCount: Int { spawned.load(ordering: .relaxed) }

  /// Spawns a task that has been counted.
  func spawn(_ body: @escaping @Sendable () -> Void) {
    let waiting = tasks.withLock { tasks in
      tasks.append(ScopeTask(body: body))
      // Pairs with `hasTasks`; before the look at the sleepers.
      queued.store(tasks.count, ordering: .sequentiallyConsistent)
      return tasks.count
    }
    // With a task for everybody there already, everybody has been woken or will wake the next one.
    if waiting > pool.threadCount { return }
    if !pool.wakeFreeWorker(), WorkerReference.current != waiter { waiter.wakeFromWaiting() }
  }

  /// Counts one more task.
  /// - Returns: Its position in the order of spawning.
  @discardableResult
  func newOrdinal() -> Int {
    unfinished.add(1, ordering: .relaxed)  // the spawner itself is still counted
    let ordinal = spawned.add(1, ordering: .relaxed).oldValue
    if ordinal == 0 { pool.scopes.open(self) }
    return ordinal
  }

  /// Spawns one task for each worker, which only that worker runs.
  func spawnOnEachThread(_ body: @escaping @Sendable (_ ordinal: Int, _ index: Int) -> Void) {
    let context = unsafe context?.takeUnretainedValue()
    pool.openCalls.add(1, ordering: .sequentiallyConsistent)  // pairs with `WorkerReference.publish`
    let unfinishedShares = Unfinished(pool.threadCount)
    for worker in pool.workers {
      let ordinal = newOrdinal()
      pool.lifecycle.accept(isPartOfAcceptedWork: true)
      let share = Submission(
        .owned { [self] in
          body(ordinal, worker.index)
          if unfinishedShares.finishOne() { pool.openCalls.subtract(1, ordering: .sequentiallyConsistent) }
          finishOne()
        }, caller: .nobody, context: context, level: level, group: group)
      worker.give(share)
    }
  }

  /// Counts down to the last share of a call on each thread.
  private final class Unfinished: Sendable {
    private let count: Atomic<Int>

    init(_ count: Int) { self.count = Atomic(count) }

    func finishOne() -> Bool { count.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 }
  }

  var hasTasks: Bool { queued.load(ordering: .sequentiallyConsistent) > 0 }

  /// The next task by the scope's order, for the worker that waits for the scope.
  func take() -> ScopeTask? {
    guard hasTasks else { return nil }
    return tasks.withLock { tasks in
      let task = order == .lifo ? tasks.popLast() : tasks.popFirst()
      // Relaxed: who sees a task that is gone looks in vain, once.
      queued.store(tasks.count, ordering: .relaxed)
      return task
    }
  }

  /// Some of the oldest tasks, which tend to be the largest, for a thread that comes from elsewhere: several if there are many for
  /// each thread, none if there are none.
  func takeOldest() -> [ScopeTask] {
    guard hasTasks else { return [] }
    return tasks.withLock { tasks in
      let share = min(32, max(1, tasks.count / (4 * pool.threadCount)))
      let taken = (0..<share).map { _ in tasks.popFirst() }.compactMap { $0 }
      queued.store(tasks.count, ordering: .relaxed)
      return taken
    }
  }

  func run(_ task: ScopeTask) { task.body() }

  /// Counts one task, or the body, as finished.
  func finishOne() {
    // The last one publishes what all of them did: pairs with `isFinished`.
    if unfinished.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 { waiter.wakeFromWaiting() }
  }

  var isFinished: Bool { unfinished.load(ordering: .sequentiallyConsistent) == 0 }

  /// Takes the scope off the pool's list, once it has finished.
  func close() {
    if spawnCount > 0 { pool.scopes.close(self) }
  }
}

/// The scopes of a pool that may have tasks.
struct OpenScopes: ~Copyable {
  private let list = Mutex<[ScopeCore]>([])
  private let count = Atomic<Int>(0)

  func open(_ scope: ScopeCore) {
    list.withLock { $0.append(scope) }
    count.add(1, ordering: .sequentiallyConsistent)
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

  /// A task of any scope, for a worker that waits for nothing: of the one open longest, which tends to be the outermost.
  func take() -> Work? { take { _ in true } }

  /// A task of one scope, for a worker that waits for what that scope is part of.
  func take(of group: UInt64) -> Work? { take { $0.group == group } }

  private func take(where isWanted: (ScopeCore) -> Bool) -> Work? {
    guard count.load(ordering: .sequentiallyConsistent) > 0 else { return nil }
    while let scope = list.withLock({ $0.first { $0.hasTasks && isWanted($0) } }) {
      let tasks = scope.takeOldest()
      if !tasks.isEmpty { return .scopeTasks(tasks, of: scope) }
    }
    return nil
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

  mutating func append(_ task: consuming ScopeTask) {
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
