internal import CSkein
internal import Synchronization

/// The state that the threads which run a scope's tasks share.
///
/// The states of all scopes are in one table, and are reused but never freed. So a handle that escaped refers to
/// something: to a word that says that its scope is over.
///
/// SAFETY: The plain fields are written by the opener of the scope, before any other thread knows it, and read by
/// threads that it has told or that hold a task of it; `local` and `countsLocally` belong to the waiter. All others are
/// atomics or locks.
@safe
struct ScopeState: ~Copyable {
  /// The number of tasks in the waiter's deque, or stolen from there, that are not counted in `word`. So tasks that the
  /// waiter spawns and runs itself cost no atomic operation. (It comes first: the thread sanitizer mistakes a change of
  /// any field in place for one of the first.)
  var local = 0
  /// Whether tasks that the waiter spawns are counted in `local`, which holds until the waiter first finds nothing to
  /// do.
  var countsLocally = true
  /// Its index in the table.
  let index: Int
  /// In the upper half, how often the state has been used before; in the lower half, the number of unfinished tasks
  /// that are not counted in `local`, plus `ScopeState.bias`.
  let word: Atomic<UInt64>
  /// The number of tasks spawned, if the scope can throw.
  let spawned = Atomic<Int>(0)
  /// Tasks that are in no deque.
  let overflow = Mutex(TaskRing())
  /// The number of these; written under the lock.
  let queued = Atomic<Int>(0)
  /// Whether the scope is in the queue of scopes with such tasks.
  let isHinted = Atomic<Bool>(false)
  let firstError = Mutex<ScopeError?>(nil)
  /// Where a waiter outside any pool sleeps; or the continuation of a task that is suspended until the scope ends.
  let parker = Parker()
  /// (Not a checked continuation, whose size the compiler does not know: every access to a field behind it would look up
  /// where that is.) SAFETY: whoever takes it out resumes it, once.
  let suspended = unsafe Mutex<UnsafeContinuation<Void, Never>?>(nil)

  /// The upper half of `word`, while the scope is open.
  var generation: UInt32 = 1
  /// SAFETY: every user of the scope keeps its pool alive.
  var pool: UnsafePointer<PoolCore>
  /// The worker that waits for the scope, and runs tasks itself; nil if the waiter is a thread outside any pool that is
  /// not a guest, which just sleeps, or a task, which is suspended.
  var waiter: WorkerReference?
  var isAwaited = false
  var order = ScopeOrder.lifo
  /// Whether the waiter is a guest that came for the scope, and leaves with it.
  var isVisit = false
  /// Whether the waiter must forget, when the scope ends, the task for which it was opened.
  var asksTask = false
  /// The context in which the scope was opened; its tasks run in it, wherever they are spawned.
  var context: ContextReference?
  /// The task-local values where the scope was opened; the waiter keeps them alive.
  var values = TaskLocalValues.none
  /// The nesting level of its tasks in loops.
  var level: UInt = 1
  /// The index in the waiter's deque where the scope's tasks begin.
  var floor = 0

  /// The scope in whose body or task this one was opened, and the index where its tasks begin.
  var outer: ScopeReference?
  var outerFloor = 0
  /// The next state in a list of unused ones.
  var next: ScopeReference?

  /// The lower half of `word` when all tasks are finished. It is large, since the word may count off tasks that are
  /// counted in `local`.
  static var bias: UInt32 { 1 << 31 }

  init(index: Int, pool: UnsafePointer<PoolCore>) {
    self.index = index
    unsafe self.pool = pool
    word = Atomic(UInt64(generation) << 32 | UInt64(ScopeState.bias))
  }
}

/// An error of a scope's task, and the task's position in the order of spawning.
struct ScopeError {
  let ordinal: Int
  let error: any Error
}

/// A scope, by reference.
///
/// SAFETY: see `ScopeState`.
@safe
@usableFromInline
struct ScopeReference: Equatable, BitwiseCopyable, @unchecked Sendable {
  let pointer: UnsafeMutablePointer<ScopeState>

  init(_ pointer: UnsafeMutablePointer<ScopeState>) { unsafe self.pointer = pointer }

  @usableFromInline
  static func == (left: ScopeReference, right: ScopeReference) -> Bool { unsafe left.pointer == right.pointer }

  /// The scope's state; its comment states who may use what.
  var state: ScopeState {
    unsafeAddress { unsafe UnsafePointer(pointer) }
    nonmutating unsafeMutableAddress { unsafe pointer }
  }

  var context: ContextReference? { unsafe state.context }
  var values: TaskLocalValues { state.values }
  var level: UInt { state.level }
  var pool: PoolCore { unsafeAddress { unsafe state.pool } }

  /// The name of the scope's tasks for threads that wait for them. It leads back to the scope: see `init(group:)`.
  var group: UInt64 {
    3 << 62 | UInt64(state.index) << 32 | UInt64(state.generation)
  }

  /// Finds the scope with a name, which may be over; nil if it is the name of something else.
  init?(group: UInt64) {
    guard group >> 62 == 3 else { return nil }
    self = scopeTable[Int(group >> 32 & (1 << 30 - 1))]
  }
}

// MARK: - Counting

extension ScopeReference {
  private static func half(_ word: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: word) }

  /// Whether a scope that was opened as `generation` is still open.
  func isOpen(as generation: UInt32) -> Bool {
    state.word.load(ordering: .acquiring) >> 32 == generation
  }

  /// Counts one more task, or traps if the scope has ended: from now on it cannot end before that task is finished.
  func countOne(_ generation: UInt32) {
    let word = state.word.add(1, ordering: .relaxed).newValue
    require(word >> 32 == generation, "a task was spawned into a scope that has ended")
    require(ScopeReference.half(word) < .max - 1 << 16, "a scope has more than two thousand million unfinished tasks")
  }

  /// Counts one task as finished. Nothing that the scope keeps alive may be used afterwards.
  func finishOne() {
    // Once the task is counted, the waiter may go on. Its pool, which is the calling thread's, or the shared one, stays
    // alive.
    let (waiter, isAwaited) = (state.waiter, state.isAwaited)
    // The last one publishes what all of them did: pairs with `isFinished`.
    let word = state.word.subtract(1, ordering: .sequentiallyConsistent).newValue
    guard ScopeReference.half(word) == ScopeState.bias else { return }
    // If the state has another waiter by now, that one is woken in vain.
    if isAwaited { return resume() }
    if let waiter { waiter.wakeFromWaiting() } else { _ = state.parker.wake(.waiting) }
  }

  /// Resumes the task that is suspended until the scope is finished, if it is suspended by now.
  private func resume() { unsafe state.suspended.withLock { unsafe $0.take() }?.resume() }

  /// Suspends the calling task until no task of the scope is unfinished, or spuriously: the caller checks again.
  func suspendUntilFinished() async {
    unsafe await withUnsafeContinuation { continuation in
      unsafe state.suspended.withLock { unsafe $0 = continuation }
      // The last task to finish takes the lock after its count, this check comes after the lock: one of the two sees
      // the other.
      if isFinished { resume() }
    }
  }

  /// Moves the waiter's own count to where all threads can see it.
  func countInSight() {
    state.countsLocally = false
    let local = state.local
    if local == 0 { return }
    state.local = 0
    if local > 0 {
      state.word.add(UInt64(local), ordering: .sequentiallyConsistent)
    } else {
      state.word.subtract(UInt64(-local), ordering: .sequentiallyConsistent)
    }
  }

  /// Whether no task is unfinished; read by the waiter, once it has called `countInSight`.
  var isFinished: Bool {
    ScopeReference.half(state.word.load(ordering: .sequentiallyConsistent)) == ScopeState.bias
  }

  /// Ends the scope, unless a task is unfinished. No task can be spawned into it from then on.
  @inline(__always)
  func close() -> Bool {
    let generation = state.generation
    let finished = UInt64(generation) << 32 | UInt64(ScopeState.bias)
    let isClosed = state.word.compareExchange(
      expected: finished, desired: finished &+ 1 << 32, ordering: .sequentiallyConsistent
    ).exchanged
    if isClosed { state.generation = generation &+ 1 }
    return isClosed
  }
}

// MARK: - Errors

extension ScopeReference {
  /// Notes an error; that of the task which was spawned first is kept.
  func note(_ error: any Error, at ordinal: Int) {
    // The discarded error is destroyed outside the lock: that may run any code.
    _ = state.firstError.withLock { first in
      if let known = first, known.ordinal <= ordinal { return ScopeError?.none }
      defer { first = ScopeError(ordinal: ordinal, error: error) }
      return first
    }
  }

  func takeError() -> (any Error)? {
    state.firstError.withLock { $0.take()?.error }
  }
}

// MARK: - The table

/// The states of all scopes: as many as were ever open at once.
private let scopeTable = ScopeTable()

/// SAFETY: states are made under the lock and never freed; a thread that has the name of one was told it after that.
@safe
struct ScopeTable: ~Copyable, Sendable {
  struct Unused {
    var first: ScopeReference?
    var count = 0
  }

  private static var layout: SegmentLayout { SegmentLayout(firstBits: 6, count: 24) }

  private let states = SegmentedArray<ScopeState>(ScopeTable.layout)
  private let unused = Mutex(Unused())

  subscript(index: Int) -> ScopeReference { unsafe ScopeReference(states.find(index)!) }

  /// Takes an unused state.
  @inline(never)
  func take(for pool: UnsafePointer<PoolCore>) -> ScopeReference {
    unused.withLock { unused in
      if let scope = unused.first {
        unused.first = scope.state.next
        unsafe scope.state.pool = pool
        return scope
      }
      let index = unused.count
      precondition(index < ScopeTable.layout.capacity, "more than a thousand million scopes are open at once")
      let new = unsafe states.make(index)
      unsafe new.initialize(to: ScopeState(index: index, pool: pool))
      unused.count += 1
      return unsafe ScopeReference(new)
    }
  }

  /// Takes back the states of a pool that no longer exists.
  func putBack(_ list: ScopeReference?) {
    unused.withLock { unused in
      var next = list
      while let scope = next {
        next = scope.state.next
        scope.state.isHinted.store(false, ordering: .relaxed)
        scope.state.next = unused.first
        unused.first = scope
      }
    }
  }
}

/// States that their owner may use for new scopes.
struct UnusedScopes: ~Copyable, Sendable {
  private var first: ScopeReference?

  deinit { if first != nil { scopeTable.putBack(first) } }

  @inline(__always)
  mutating func take(for pool: UnsafePointer<PoolCore>) -> ScopeReference {
    guard let scope = first else { return unsafe scopeTable.take(for: pool) }
    first = scope.state.next
    return scope
  }

  /// Puts back a state whose scope has been closed.
  mutating func put(_ scope: ScopeReference) {
    // A state whose generations are used up is never used again, so that no old handle fits a new scope.
    if scope.state.generation == 0 { return }
    scope.state.next = first
    first = scope
  }
}
