/// The shared state of a deque's owner and its thieves: the two indices, and the array of cells in use.
///
/// The array in use is identified by its *tag*: the binary logarithm of its capacity in the low six bits, and above
/// them a number that grows by one with every change of array. There is at most one array per capacity. Once made it
/// stays addressable until the deque is destroyed, so a thief may read an outdated one at any time: the tag, which
/// never recurs, tells afterwards. There are no epochs and no hazard pointers, nothing that a stalled thief could hold
/// up; an array out of use returns its pages to the system, and the addresses of all arrays together take less than
/// twice the largest.
///
/// SAFETY: `start` points to `byteCount` bytes, laid out as below and initialised by `init`; they are freed by
/// `destroy`, which only the last handle of the deque calls.
@frozen
@safe
@usableFromInline
package struct DequeControl<Element: ~Copyable, Word: SharedWord & ~Copyable> {
  @usableFromInline
  let start: UnsafeMutableRawPointer

  /// Returns whether two handles belong to the same deque.
  @inlinable
  static func == (one: DequeControl, other: DequeControl) -> Bool { unsafe one.start == other.start }

  // `front` and `back` share a cache line: a pop of the newest and a theft need both, and so move one line between
  // processors instead of two. With separate lines, an owner that only pushes would be faster against several thieves,
  // and one that pops slower against any: `Benchmarks/README.md` has the figures. Data that only a resize writes has
  // two lines to itself, as processors fetch lines in pairs.
  @inlinable static var backOffset: Int { 8 }
  @inlinable static var tagOffset: Int { 128 }
  @inlinable static var orderOffset: Int { 136 }
  @inlinable static var arraysOffset: Int { 192 }
  @inlinable static var ownerOffset: Int { 768 }
  @inlinable static var byteCount: Int { ownerOffset &+ 128 }

  @inlinable
  init(order: DequeOrder, capacity: Int, index: Int) {
    unsafe start = UnsafeMutableRawPointer(Word.allocate(wordCount: Self.byteCount / MemoryLayout<Word>.stride))
    unsafe front.initialize(to: Word(index))
    unsafe back.initialize(to: Word(index))
    unsafe tag.initialize(to: Word(capacity.trailingZeroBitCount))
    unsafe start.storeBytes(of: order == .fifo, toByteOffset: Self.orderOffset, as: Bool.self)
    unsafe (start + Self.arraysOffset).initializeMemory(
      as: UnsafeMutablePointer<Word>?.self, repeating: nil, count: 64)
    unsafe owner.initialize(to: OwnerState(cells: array(ofCapacity: capacity), index: index))
  }

  /// The index of the oldest element; claiming that element increments it, and it never moves back.
  @inlinable
  var front: UnsafeMutablePointer<Word> {
    @inline(__always) get { unsafe start.assumingMemoryBound(to: Word.self) }
  }

  /// The index one past the newest element; only the owner writes it.
  @inlinable
  var back: UnsafeMutablePointer<Word> {
    @inline(__always) get { unsafe (start + Self.backOffset).assumingMemoryBound(to: Word.self) }
  }

  /// The tag of the array in use; only the owner writes it.
  @inlinable
  var tag: UnsafeMutablePointer<Word> {
    @inline(__always) get { unsafe (start + Self.tagOffset).assumingMemoryBound(to: Word.self) }
  }

  @inlinable
  package var order: DequeOrder {
    @inline(__always) get { unsafe start.load(fromByteOffset: Self.orderOffset, as: Bool.self) ? .fifo : .lifo }
  }

  @inlinable
  var arrays: UnsafeMutablePointer<UnsafeMutablePointer<Word>?> {
    @inline(__always) get {
      unsafe (start + Self.arraysOffset).assumingMemoryBound(to: UnsafeMutablePointer<Word>?.self)
    }
  }

  /// The state that only the owner reads and writes.
  @inlinable
  var owner: UnsafeMutablePointer<OwnerState<Element, Word>> {
    @inline(__always) get {
      unsafe (start + Self.ownerOffset).assumingMemoryBound(to: OwnerState<Element, Word>.self)
    }
  }

  /// Returns the array that `tag` identifies.
  @inlinable @inline(__always)
  package func array(tagged tag: Int) -> CellArray<Element, Word> {
    let logarithm = tag & 63
    // Not an atomic access: the entry was written before the first tag that names it was released, and never changes.
    return unsafe CellArray(start: arrays[logarithm]!, capacity: 1 &<< logarithm)
  }

  /// Returns the array of that capacity, made if necessary; for the owner.
  @inlinable
  func array(ofCapacity capacity: Int) -> CellArray<Element, Word> {
    let logarithm = capacity.trailingZeroBitCount
    if unsafe arrays[logarithm] == nil {
      let (wordCount, overflow) = capacity.multipliedReportingOverflow(by: max(ElementWords<Element>.count, 1))
      if overflow || wordCount > Int.max / MemoryLayout<Word>.stride {
        trap("A work-stealing deque cannot hold \(capacity) elements of this size")
      }
      unsafe arrays[logarithm] = Word.allocate(wordCount: wordCount)
    }
    return unsafe CellArray(start: arrays[logarithm]!, capacity: capacity)
  }

  /// Marks the array of that capacity as out of use: its memory may go, its addresses stay.
  @inlinable
  func retire(_ array: CellArray<Element, Word>) {
    unsafe Word.discard(array.start, wordCount: array.capacity &* ElementWords<Element>.count)
  }

  /// Returns the number of elements at some moment during the call.
  @inlinable
  package func count() -> Int {
    var oldest = unsafe front.pointee.loadSequential()
    while true {
      // Pairs with the owner's stores: `back` may be behind `front` during a pop that is not finished.
      let count = unsafe back.pointee.loadSequential() &- oldest
      // If no element was taken meanwhile, this was the count when `back` was read.
      let again = unsafe front.pointee.loadSequential()
      if again == oldest { return max(count, 0) }
      oldest = again
    }
  }

  /// Returns whether the deque was empty at some moment during the call; if not, it was not empty at some moment.
  @inlinable @inline(__always)
  package func isEmpty() -> Bool {
    // In this order: `front` may move on meanwhile, but not back. Pairs with claims and with the owner's stores.
    let oldest = unsafe front.pointee.loadSequential()
    return unsafe back.pointee.loadSequential() &- oldest <= 0
  }

  /// Destroys the remaining elements, oldest first, and frees everything.
  @inlinable
  func destroy() {
    // Acquire what the owner released last, and the claims of all thieves.
    let end = unsafe back.pointee.loadSequential()
    var index = unsafe front.pointee.loadSequential()
    let cells = unsafe array(tagged: tag.pointee.loadSequential())
    while end &- index > 0 {
      ElementWords<Element>.withScratch { scratch in
        cells.read(into: scratch, at: index)
        _ = scratch.take()
      }
      index &+= 1
    }
    for logarithm in 0..<64 {
      if let array = unsafe arrays[logarithm] { unsafe Word.deallocate(array) }
    }
    unsafe Word.deallocate(front)
  }
}

/// Keeps a deque's shared memory alive: one per deque, counted by the owner and every stealer.
///
/// SAFETY: `control` is an address that never changes; it points to shared words, and to memory that the owner alone
/// writes before it releases a word that thieves acquire.
@usableFromInline
package final class DequeLifetime<Element: ~Copyable, Word: SharedWord & ~Copyable>: @unchecked Sendable {
  @usableFromInline
  package let control: DequeControl<Element, Word>

  @inlinable
  init(_ control: DequeControl<Element, Word>) { self.control = control }

  @inlinable
  deinit { control.destroy() }
}
