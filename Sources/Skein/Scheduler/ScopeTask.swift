internal import CSkein

/// A task of a scope, not yet begun: a closure that belongs to the thread that runs it.
///
/// SAFETY: its words are turned into a closure once, by `run`, which the thread that has taken the task calls.
@safe
struct ScopeTask: BitwiseCopyable, @unchecked Sendable {
  private let closure: skein_closure
  let scope: ScopeReference
  /// Its position in the order of spawning, if the scope can throw.
  private let ordinal: Int

  init(_ body: consuming @escaping @Sendable () throws -> Void, of scope: ScopeReference, ordinal: Int) {
    unsafe closure = ownedClosureWords(body)
    skein_closure_words_are_inlined()
    self.scope = scope
    self.ordinal = ordinal
  }

  /// Runs the task. When this function returns, its closure is destroyed, with everything that it holds: the scope may
  /// end right after.
  @inline(never)
  func run() {
    let body = unsafe ownedClosure(closure)
    skein_closure_words_are_inlined()
    do { try body() } catch { scope.note(error, at: ordinal) }
  }
}

extension ScopeTask {
  init(_ words: PackedTask) {
    unsafe closure = skein_closure(
      function: UnsafeMutableRawPointer(bitPattern: words.function)!,
      context: UnsafeMutableRawPointer(bitPattern: words.context))
    scope = unsafe ScopeReference(UnsafeMutablePointer(bitPattern: words.scope)!)
    ordinal = Int(bitPattern: words.ordinal)
  }

  var packed: PackedTask {
    unsafe PackedTask(
      function: UInt(bitPattern: closure.function), context: UInt(bitPattern: closure.context),
      scope: UInt(bitPattern: scope.pointer), ordinal: UInt(bitPattern: ordinal))
  }
}

/// A queue of tasks with access at both ends: a power-of-two ring.
///
/// SAFETY: the cells from `first` on, `count` of them around the ring, are initialised, the others are not.
@safe
struct TaskRing: ~Copyable {
  private var cells: UnsafeMutablePointer<ScopeTask>?
  private var capacity = 0
  private var first = 0
  private(set) var count = 0

  deinit { unsafe cells?.deallocate() }

  mutating func append(_ task: ScopeTask) {
    if count == capacity { grow() }
    unsafe (cells! + ((first + count) & (capacity - 1))).initialize(to: task)
    count += 1
  }

  mutating func prepend(_ task: ScopeTask) {
    if count == capacity { grow() }
    first = (first - 1) & (capacity - 1)
    unsafe (cells! + first).initialize(to: task)
    count += 1
  }

  mutating func popLast() -> ScopeTask? {
    guard count > 0 else { return nil }
    count -= 1
    return unsafe (cells! + ((first + count) & (capacity - 1))).move()
  }

  mutating func popFirst() -> ScopeTask? {
    guard count > 0 else { return nil }
    count -= 1
    let oldest = first
    first = (first + 1) & (capacity - 1)
    return unsafe (cells! + oldest).move()
  }

  /// Frees the memory of a queue that was long and is empty.
  mutating func shrink() {
    guard count == 0, capacity > 64 else { return }
    unsafe cells?.deallocate()
    unsafe cells = nil
    capacity = 0
    first = 0
  }

  /// Called when the ring is full. The old cells become the first half of the new ones, oldest first.
  private mutating func grow() {
    let larger = UnsafeMutablePointer<ScopeTask>.allocate(capacity: max(8, 2 * capacity))
    if let cells = unsafe cells {
      unsafe larger.moveInitialize(from: cells + first, count: capacity - first)
      unsafe (larger + (capacity - first)).moveInitialize(from: cells, count: first)
      unsafe cells.deallocate()
    }
    unsafe cells = larger
    capacity = max(8, 2 * capacity)
    first = 0
  }
}
