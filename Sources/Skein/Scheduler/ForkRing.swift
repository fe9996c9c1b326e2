public import Synchronization

/// The cells of a fork deque: a power-of-two ring of atomic words, preceded by one word for their number. Behind them,
/// where forks have no access, are for each cell the words of a scope's task.
///
/// A ring is never freed while its pool has threads: a thief may still read an old one. Together the old ones are
/// smaller than the newest. A stale read returns a stale word, and the claim that would use it fails.
///
/// SAFETY: any pointer read from a deque is valid, and cells are atomics: so any thread may have a ring.
@safe
@usableFromInline
struct ForkRing: BitwiseCopyable, @unchecked Sendable {
  @usableFromInline let base: UnsafeMutablePointer<Atomic<UInt>>
  @usableFromInline let mask: Int

  private static var wordsOfTask: Int { 4 }

  init(capacity: Int) {
    mask = capacity - 1
    let count = 1 + capacity * (1 + ForkRing.wordsOfTask)
    let memory = unsafe Scratch.allocate(
      byteCount: count * MemoryLayout<Atomic<UInt>>.stride, alignment: MemoryLayout<Atomic<UInt>>.alignment)
    unsafe base = memory.bindMemory(to: Atomic<UInt>.self, capacity: count)
    unsafe base.initialize(to: Atomic(UInt(bitPattern: mask)))
    for index in 1..<count { unsafe (base + index).initialize(to: Atomic(0)) }
  }

  /// Creates the ring that a word stands for.
  init(bits: UInt) {
    unsafe base = UnsafeMutablePointer(bitPattern: bits)!
    // Relaxed: written before the ring was published by the release store of its address.
    unsafe mask = Int(bitPattern: base.pointee.load(ordering: .relaxed))
  }

  var bits: UInt { unsafe UInt(bitPattern: base) }
  var capacity: Int { mask + 1 }

  @inlinable
  @inline(__always)
  func load(_ index: Int) -> ForkCell {
    // Relaxed: the reader has acquired the `publicEnd` (or `ring`) that was released after this cell was written.
    unsafe ForkCell(bits: (base + (1 &+ (index & mask))).pointee.load(ordering: .relaxed))
  }

  @inlinable
  @inline(__always)
  func store(_ cell: ForkCell, at index: Int) {
    unsafe (base + (1 &+ (index & mask))).pointee.store(cell.bits, ordering: .relaxed)
  }

  /// Copies a cell, and the words of its task, into a larger ring.
  func copy(_ index: Int, to larger: ForkRing) {
    larger.store(load(index), at: index)
    let (from, to) = unsafe (words(index), larger.words(index))
    for word in 0..<ForkRing.wordsOfTask {
      unsafe (to + word).pointee.store((from + word).pointee.load(ordering: .relaxed), ordering: .relaxed)
    }
  }

  /// Makes all cells like those of a new ring.
  func clear() {
    for index in 0..<capacity { store(.gone, at: index) }
  }

  func free() {
    unsafe base.deinitialize(count: 1 + capacity * (1 + ForkRing.wordsOfTask))
    unsafe base.deallocate()
  }
}

// MARK: - Tasks

extension ForkRing {
  @inline(__always)
  private func words(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt>> {
    unsafe base + (2 &+ mask &+ ForkRing.wordsOfTask &* (index & mask))  // behind the `mask + 1` cells
  }

  /// Returns the task whose mark is at an index. A thief reads it before its claim and uses it only if that succeeds:
  /// what it has read may be parts of several.
  @inline(__always)
  func loadTask(_ index: Int) -> PackedTask {
    let words = unsafe words(index)
    // Relaxed: as in `load`.
    return unsafe PackedTask(
      function: words[0].load(ordering: .relaxed), context: words[1].load(ordering: .relaxed),
      scope: words[2].load(ordering: .relaxed), ordinal: words[3].load(ordering: .relaxed))
  }

  @inline(__always)
  func store(_ task: PackedTask, at index: Int) {
    let words = unsafe words(index)
    unsafe words[0].store(task.function, ordering: .relaxed)
    unsafe words[1].store(task.context, ordering: .relaxed)
    unsafe words[2].store(task.scope, ordering: .relaxed)
    unsafe words[3].store(task.ordinal, ordering: .relaxed)
    store(.task, at: index)
  }
}

/// The words of a scope's task, as stored in a ring.
struct PackedTask: Equatable, BitwiseCopyable {
  let function: UInt
  let context: UInt
  let scope: UInt
  let ordinal: UInt
}
