internal import Synchronization

/// The deque of one worker's forks and of the tasks that it spawns into scopes: the owner pushes and pops at the tail, thieves take
/// the oldest at the head.
///
/// It is a Chase–Lev deque (Chase & Lev, *Dynamic circular work-stealing deque*, SPAA 2005) whose newest part is private, as in
/// *split* deques (van Dijk & van de Pol, *Lace*, 2014): `[head, publicEnd)` can be stolen, `[publicEnd, tail)` belongs to the
/// owner alone, who pushes and pops there without any ordering at all. Moving the border costs; a fork does not.
///
///     head            publicEnd                tail
///      | oldest … public | private … newest      |
///
/// Why no job is taken twice or lost. Indices only grow as seen by thieves: a job at index `i` of the public part can
/// leave it in three ways. A thief takes it by moving `head` from `i` to `i + 1`. The owner takes it as the last one by
/// the same exchange. Or the owner first lowers `publicEnd` to `e ≤ i` and then reads a `head` below `e`: a thief that
/// takes `i` would have read `head == i` before it read a `publicEnd` above `i`, hence (all four accesses are
/// sequentially consistent) before the owner's store, and the owner would have seen `head ≥ i ≥ e`. So a cell that a
/// thief read while `head` was at its index still holds the same job when the thief's exchange succeeds.
///
/// SAFETY: the worker that owns the deque outlives everything that refers to it, and calls `free` last; the owner's
/// parts are accessed on its own thread only.
@safe
@usableFromInline
struct ForkDeque: ~Copyable {
  // MARK: The owner's own

  /// One past the newest job.
  @usableFromInline var tail = 0
  /// The owner's copy of `publicEnd`.
  @usableFromInline var border = 0
  /// The tail at which the ring may be full.
  @usableFromInline var limit: Int
  @usableFromInline var ring: ForkRing
  /// The rings that have become too small, the smallest first.
  private var retired: [ForkRing] = []
  private let largeRings: LargeRings?
  /// The lowest index of tasks of the innermost open scope: the tail when that scope, or the stretch of work that runs
  /// one of its tasks, began.
  var taskFloor = 0

  // MARK: Shared with thieves

  private let padding = CachePadding()
  /// The oldest job; moved by thieves, and by the owner when it takes the last public one.
  let head = Atomic<Int>(0)
  /// When a thief first saw the jobs that are public, in its own ticks; zero if none has. Whoever takes the last one sets
  /// it back.
  private let seenAt = Atomic<UInt64>(0)
  private let headPadding = CachePadding()
  /// One past the newest public job; moved by the owner.
  let publicEnd = Atomic<Int>(0)
  private let sharedRing: Atomic<UInt>
  private let endPadding = CachePadding()

  /// - Parameter largeRings: Where this deque finds large rings, and leaves them.
  init(capacity: Int = 256, largeRings: LargeRings? = nil) {
    ring = ForkRing(capacity: capacity)
    limit = capacity
    sharedRing = Atomic(ring.bits)
    self.largeRings = largeRings
  }

  /// Frees the rings, when no thread is left that could use them. (The worker calls this; a `deinit` here would crash
  /// the 6.3 optimiser, which inlines it into the setter that other modules see.)
  func free() {
    ring.free()
    for old in retired { old.free() }
  }
}

// MARK: - The owner

extension ForkDeque {
  @inlinable
  @inline(__always)
  mutating func push(_ cell: ForkCell) {
    if _slowPath(tail == limit) { makeRoom() }
    ring.store(cell, at: tail)
    tail &+= 1
  }

  /// Takes the newest job back if it is private.
  @inlinable
  @inline(__always)
  mutating func popPrivate() -> Bool {
    let newest = tail &- 1
    guard newest >= border else { return false }
    tail = newest
    return true
  }

  /// How many jobs the owner exposes, if there are as many, when it exposes any; below `fewestShown` exposed jobs it
  /// exposes more.
  ///
  /// A job that is not exposed cannot be stolen by a worker that becomes free while the owner is in a long stretch of
  /// code. A few of the oldest jobs, each of which tends to be as large as all younger ones together, keep others busy
  /// until then; a deep recursion, which forks and joins at its leaves, does not come near them. With one bound for
  /// both, a shallow recursion would expose each of its jobs.
  static var shown: Int { 8 }
  static var fewestShown: Int { 4 }

  /// The approximate number of jobs that thieves can see.
  var publicCount: Int {
    // Sequentially consistent for `answerExposureRequest`, which reads this after it has cleared the worker's flag.
    max(0, border - head.load(ordering: .sequentiallyConsistent))
  }

  /// Exposes `count` more jobs to thieves, the oldest private ones.
  mutating func expose(_ count: Int) {
    moveBorder(by: count)
    // Pairs with the load in `steal`; releases cells and jobs.
    publicEnd.store(border, ordering: .sequentiallyConsistent)
  }

  /// Exposes jobs to thieves that look again by themselves: not ordered with what the owner does next.
  mutating func exposeQuietly(_ count: Int) {
    moveBorder(by: count)
    publicEnd.store(border, ordering: .releasing)  // pairs with the load in `steal`; releases cells and jobs
  }

  private mutating func moveBorder(by count: Int) {
    border = count < tail - border ? border + count : tail
  }

  /// Takes the newest job back when the private part is empty; returns false if it has been stolen (then the deque is
  /// empty).
  ///
  /// It takes about half of the public part back at once, so that a run of pops moves the border only occasionally.
  mutating func popPublic() -> Bool {
    let newest = tail - 1
    let oldest = head.load(ordering: .relaxed)  // a guess, checked below
    if oldest > newest { return false }
    if oldest < newest {
      let end = newest - (newest - oldest - 1) / 2
      publicEnd.store(end, ordering: .sequentiallyConsistent)  // pairs with the load in `steal`
      if head.load(ordering: .sequentiallyConsistent) < end {  // pairs with the exchange in `steal`
        border = end
        tail = newest
        return true
      }
    }
    // There is only one left; or there are few, and thieves are close: the newest alone is decided.
    return oldest == newest ? claimNewest() : popNewestPublic()
  }

  /// Takes the newest job, the only one left, as a thief would. (Its index is used up, so the tail does not move.)
  private mutating func claimNewest() -> Bool {
    let newest = tail - 1
    let claim = head.compareExchange(expected: newest, desired: newest + 1, ordering: .sequentiallyConsistent)
    guard claim.exchanged else { return false }
    seenAt.store(0, ordering: .relaxed)  // a hint, as is `age`
    settle(above: newest)
    return true
  }

  /// Takes the newest job back when the private part is empty; returns false if it has been stolen. Older jobs stay
  /// exposed.
  private mutating func popNewestPublic() -> Bool {
    let newest = tail - 1
    publicEnd.store(newest, ordering: .sequentiallyConsistent)  // pairs with the load in `steal`
    let first = head.load(ordering: .sequentiallyConsistent)  // pairs with the exchange in `steal`
    if first < newest {
      border = newest
      tail = newest
      return true
    }
    let won = first == newest && claimNewest()
    border = tail
    publicEnd.store(tail, ordering: .sequentiallyConsistent)
    return won
  }

  /// Called when the ring seems full: thieves may have made room since; otherwise the ring doubles.
  @usableFromInline
  @inline(never)
  mutating func makeRoom() {
    let oldest = head.load(ordering: .acquiring)  // pairs with the exchange in `steal`: those cells are free
    if tail - oldest > ring.capacity / 2 {
      let capacity = ring.capacity * 2
      let larger = largeRings?.take(ofAtLeast: capacity) ?? ForkRing(capacity: capacity)
      for index in oldest..<tail { ring.copy(index, to: larger) }
      retired.append(ring)
      ring = larger
      sharedRing.store(larger.bits, ordering: .releasing)  // pairs with the load in `steal`
    }
    limit = oldest + ring.capacity
  }

  /// Leaves large rings to the pool's other deques, if this one is empty. Nothing may be open on the worker's stack: what
  /// the cells record of forks and tasks is forgotten.
  ///
  /// A thief that has loaded a ring before, and reads words there which another deque stores, has seen in `publicEnd` a
  /// job that is gone since: its claim fails.
  @inline(__always)
  mutating func leaveLargeRings() {
    if _slowPath(!retired.isEmpty) { leaveLargeRingsIfEmpty() }
  }

  @inline(never)
  private mutating func leaveLargeRingsIfEmpty() {
    guard let largeRings, ring.capacity >= largeRings.leastCapacity,
      let kept = retired.lastIndex(where: { $0.capacity < largeRings.leastCapacity }),
      head.load(ordering: .acquiring) == tail  // pairs with the exchange in `steal`: all cells are free
    else { return }
    let large = retired[(kept + 1)...] + [ring]
    ring = retired[kept]
    ring.clear()
    retired.removeSubrange(kept...)
    limit = tail + ring.capacity
    sharedRing.store(ring.bits, ordering: .releasing)  // pairs with the load in `steal`
    largeRings.leave(large)
  }
}

// MARK: - Tasks of scopes
//
// A task must not be on top of an open fork: that fork takes the newest job back, and would take the task. Open forks
// are not recorded, since forks must cost nothing. But where a job was stolen, or was claimed by its owner as the last
// one, its index is used up, and its cell can record what is below it: `task` if no fork is open down to the floor. (No
// thief that reads such a cell can claim it.)

extension ForkDeque {
  /// Whether no open fork is below a task pushed now, down to the floor; false also if that is not known.
  @inline(__always) var mayPushTask: Bool { tail == taskFloor || ring.load(tail &- 1).isTask }

  /// Notes that everything from `index` on is gone and over, so that the state of the cell below applies to the newest
  /// one.
  @inline(__always)
  mutating func settle(above index: Int) {
    if _slowPath(tail > index) { settleNewest(above: index) }
  }

  @inline(never)
  private mutating func settleNewest(above index: Int) {
    let isKnown = tail - index < ring.capacity
    let isFree = index == taskFloor || isKnown && ring.load(index - 1).isTask
    ring.store(isFree ? .task : .gone, at: tail - 1)
  }

  /// Notes that a fork is over whose job was stolen.
  mutating func settle(above job: UnsafeMutablePointer<ForkJob>) {
    // Everything above it is gone, and is visited once for each fork around it. What the ring has forgotten stays
    // unknown.
    var index = tail - 1
    let oldest = max(taskFloor, tail - ring.capacity)
    while index >= oldest {
      if ring.load(index).bits & ~7 == UInt(bitPattern: job) { return settle(above: index) }
      index -= 1
    }
  }

  /// - Parameter isShown: Whether to expose it to thieves at once, with all older ones.
  @inline(__always)
  mutating func push(_ task: PackedTask, isShown: Bool) {
    if _slowPath(tail == limit) { makeRoom() }
    let index = tail
    ring.store(task, at: index)
    tail = index &+ 1
    if !isShown { return }
    border = index &+ 1
    // The pusher decides whether to wake another worker by `WorkerReference.isExposureRequested`, which need not be
    // exact. So this is not ordered with what follows; it releases the task: pairs with the load in `steal`.
    publicEnd.store(index &+ 1, ordering: .releasing)
  }

  /// Takes the newest task back, if there is one at or above `floor`, where there must be only tasks.
  @inline(__always)
  mutating func popTask(above floor: Int) -> PackedTask? {
    let newest = tail &- 1
    guard newest >= floor, popPrivate() || popPublicTask() else { return nil }
    return ring.loadTask(newest)
  }

  @inline(never)
  private mutating func popPublicTask() -> Bool {
    let newest = tail - 1
    let oldest = head.load(ordering: .relaxed)  // a guess, which the claim or the border checks
    // If the newest is gone, so are all older ones. The only one left is claimed at once.
    return oldest <= newest && (oldest == newest ? claimNewest() : popNewestPublic())
  }
}

// MARK: - Thieves

extension ForkDeque {
  enum Stolen {
    case fork(ForkCell)
    case task(PackedTask)
  }

  enum StealResult {
    case stolen(Stolen)
    case empty
    /// Another thread was faster; there may be more.
    case lost
    /// The oldest job is not for this thief.
    case refused
  }

  /// Takes the oldest public job if `accept` agrees. `accept` is called between reading and claiming: whatever holds
  /// for a job in the deque at that moment holds for the one that is taken.
  borrowing func steal(accept: (_ index: Int, ForkCell) -> Bool) -> StealResult {
    let index = head.load(ordering: .sequentiallyConsistent)  // before `publicEnd`, see the type's comment
    let end = publicEnd.load(ordering: .sequentiallyConsistent)  // pairs with `expose`
    guard index < end else { return .empty }
    let ring = ForkRing(bits: sharedRing.load(ordering: .acquiring))  // pairs with `makeRoom`
    let cell = ring.load(index)
    guard accept(index, cell) else { return .refused }
    let stolen = cell.isTask ? Stolen.task(ring.loadTask(index)) : .fork(cell)
    let claim = head.compareExchange(expected: index, desired: index + 1, ordering: .sequentiallyConsistent)
    guard claim.exchanged else { return .lost }
    if end == index + 1 { seenAt.store(0, ordering: .relaxed) }  // a hint, as is `age`
    return .stolen(stolen)
  }

  /// Returns how long thieves have known, at `now`, that something is public. The first thief to ask starts the clock.
  ///
  /// So the owner need not read the clock, which costs more than everything else about exposing a job. It is a hint: a
  /// job may count as older than it is if a thief was slow, and the clocks of two processors need not agree.
  borrowing func age(at now: UInt64) -> UInt64 {
    let first = seenAt.load(ordering: .relaxed)
    if first != 0 { return now &- first }
    seenAt.store(now, ordering: .relaxed)
    return 0
  }

  /// Returns whether fewer jobs than this are exposed, approximately.
  func shows(fewerThan count: Int) -> Bool {
    publicEnd.load(ordering: .relaxed) - head.load(ordering: .relaxed) < count
  }

  /// Whether the oldest public entry is a task.
  var showsTask: Bool {
    var isTask = false
    _ = steal { _, cell in
      isTask = cell.isTask
      return false
    }
    return isTask
  }

  /// Whether the public part is empty, for a thief.
  var looksEmpty: Bool {
    head.load(ordering: .sequentiallyConsistent) >= publicEnd.load(ordering: .sequentiallyConsistent)
  }
}
