internal import Synchronization

/// The jobs of Swift's tasks in one worker's queue, oldest first: its own thread adds them, and any free worker takes
/// them, the owner in the same way as others.
///
/// So the jobs of one worker start in the order of their arrival. The runtime does not rely on that, but is faster:
/// removing a finished child from a task group takes as many steps as there are older ones unfinished.
///
/// Why no job is taken twice or lost. `head` and `tail` only grow. The owner writes a cell and then the tail, so a
/// thread that has seen the tail sees the cell. The owner rewrites a cell only when it has seen a head above the cell's
/// old index. So a cell that was read while the head was at or below its index, as the reader's claim proves by
/// succeeding, held the job of that index, in an old ring as in the new one.
///
/// SAFETY: rings are never freed while the worker lives, which outlives all references to it. `push` and `takeSome` are
/// called on the worker's own thread, which alone uses `ring` and `retired`.
@safe
struct JobQueue: ~Copyable {
  private let padding = CachePadding()
  private let head = Atomic<Int>(0)
  private let headPadding = CachePadding()
  private let tail = Atomic<Int>(0)
  private let sharedRing = Atomic<UInt>(0)
  private var ring: JobRing?
  private var retired: [JobRing] = []
  private let firstCapacity: Int
  private let tailPadding = CachePadding()

  /// - Parameter capacity: That of the first ring, a power of two. Queues that are never used have none.
  init(capacity: Int = 256) { firstCapacity = capacity }

  /// Called when no thread is left that could use it.
  func free() {
    ring?.free()
    for old in retired { old.free() }
  }
}

// MARK: - The owner

extension JobQueue {
  mutating func push(_ job: AsyncJob) {
    let end = tail.load(ordering: .relaxed)  // only the owner writes it
    room(for: end).store(job, at: end)
    // Releases the cell; before the check for sleepers, see *lost wake-up* in `Sleeping.md`.
    tail.store(end + 1, ordering: .sequentiallyConsistent)
  }

  /// Returns a ring in which the cell at an index, which is the tail, is free.
  private mutating func room(for end: Int) -> JobRing {
    // Pairs with the claims: a thread that has taken a job has read its cell.
    let first = head.load(ordering: .acquiring)
    if let ring, end - first < ring.capacity { return ring }
    let larger = JobRing(capacity: ring.map { 2 * $0.capacity } ?? firstCapacity)
    if let ring {
      for index in first..<end { larger.store(ring.load(index), at: index) }
      retired.append(ring)
    }
    ring = larger
    sharedRing.store(larger.bits, ordering: .releasing)  // pairs with `claim`
    return larger
  }

  /// Takes over some of another queue's oldest jobs, half of them but no more than `limit`; this queue is empty.
  /// - Returns: The oldest of them, which is not added.
  mutating func takeSome(from other: borrowing JobQueue, upTo limit: Int) -> AsyncJob? {
    let end = tail.load(ordering: .relaxed)  // only the owner writes it
    let own = room(for: end + limit)
    while true {
      let first = other.head.load(ordering: .sequentiallyConsistent)
      let count = other.tail.load(ordering: .sequentiallyConsistent) - first  // pairs with `push`
      if count <= 0 { return nil }
      let taken = min((count + 1) / 2, limit)
      let ring = JobRing(bits: other.sharedRing.load(ordering: .acquiring))  // pairs with `room(for:)`
      let oldest = ring.load(first)
      for offset in 1..<max(1, taken) { own.store(ring.load(first + offset), at: end + offset - 1) }
      if !other.claim(first..<first + taken) { continue }
      if taken > 1 { tail.store(end + taken - 1, ordering: .sequentiallyConsistent) }
      return oldest
    }
  }
}

// MARK: - Everybody

extension JobQueue {
  /// Takes the oldest job.
  func take() -> AsyncJob? {
    while true {
      let first = head.load(ordering: .sequentiallyConsistent)
      guard first < tail.load(ordering: .sequentiallyConsistent) else { return nil }  // pairs with `push`
      let job = JobRing(bits: sharedRing.load(ordering: .acquiring)).load(first)  // pairs with `room(for:)`
      if claim(first..<first + 1) { return job }
    }
  }

  /// Takes the jobs at these indices, the oldest, if none of them has been taken. Earlier reads are released for the
  /// owner, which may rewrite the cells: pairs with `room(for:)`.
  private func claim(_ indices: Range<Int>) -> Bool {
    head.compareExchange(
      expected: indices.lowerBound, desired: indices.upperBound, ordering: .sequentiallyConsistent
    ).exchanged
  }

  var isEmpty: Bool {
    head.load(ordering: .sequentiallyConsistent) >= tail.load(ordering: .sequentiallyConsistent)
  }
}

/// The cells of such a queue: a power-of-two ring of atomic words, preceded by one for their number.
///
/// SAFETY: `base` points to that word and the cells, one more than their number, from `init` to `free`.
@safe
private struct JobRing {
  private let base: UnsafeMutablePointer<Atomic<UInt>>
  private let mask: Int

  init(capacity: Int) {
    mask = capacity - 1
    unsafe base = .allocate(capacity: 1 + capacity)
    unsafe base.initialize(to: Atomic(UInt(bitPattern: mask)))
    for index in 1...capacity { unsafe (base + index).initialize(to: Atomic(0)) }
  }

  /// Creates the ring that a word stands for.
  init(bits: UInt) {
    unsafe base = UnsafeMutablePointer(bitPattern: bits)!
    // Relaxed: written before the ring was published by the release store of its address.
    unsafe mask = Int(bitPattern: base.pointee.load(ordering: .relaxed))
  }

  var bits: UInt { unsafe UInt(bitPattern: base) }
  var capacity: Int { mask + 1 }

  // Relaxed, both: the queue's tail and head provide the order.
  func load(_ index: Int) -> AsyncJob {
    unsafe AsyncJob(bits: (base + 1 + (index & mask)).pointee.load(ordering: .relaxed))
  }

  func store(_ job: AsyncJob, at index: Int) {
    unsafe (base + 1 + (index & mask)).pointee.store(job.bits, ordering: .relaxed)
  }

  func free() {
    unsafe base.deinitialize(count: 1 + capacity)
    unsafe base.deallocate()
  }
}
