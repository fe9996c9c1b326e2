public import Synchronization

/// The cells of a fork deque: a power-of-two ring of atomic words behind one word that says how many there are.
///
/// SAFETY: A ring is never freed while its deque lives (a thief may still read an old one; together the old ones are smaller than
/// the newest), so any pointer read from the deque is good. Cells are atomics: a stale read gives a stale word, and the claim that
/// would use it fails.
@safe
@usableFromInline
struct ForkRing {
  @usableFromInline let base: UnsafeMutablePointer<Atomic<UInt>>
  @usableFromInline let mask: Int

  init(capacity: Int) {
    unsafe base = .allocate(capacity: capacity + 1)
    mask = capacity - 1
    unsafe base.initialize(to: Atomic(UInt(bitPattern: mask)))
    for index in 1...capacity { unsafe (base + index).initialize(to: Atomic(0)) }
  }

  /// The ring that this word stands for.
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
    unsafe ForkCell(bits: (base + 1 + (index & mask)).pointee.load(ordering: .relaxed))
  }

  @inlinable
  @inline(__always)
  func store(_ cell: ForkCell, at index: Int) {
    unsafe (base + 1 + (index & mask)).pointee.store(cell.bits, ordering: .relaxed)
  }

  func free() {
    unsafe base.deinitialize(count: capacity + 1)
    unsafe base.deallocate()
  }
}
