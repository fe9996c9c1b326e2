/// A block of slots in an injection queue, and the link to the next block.
///
/// A slot is a state and the words of an element. The pusher that claimed it writes the words and then the state; the
/// thief that claimed it takes the words if the state says so, or gives the slot up for both. Each slot is *finished*
/// once, by its last user, and the thread that finishes the last slot of a block frees the block.
///
/// SAFETY: `start` points to `wordCount` words, all initialised, from `make` to `free`; slot numbers are below
/// `slotCount`. A thread accesses a block only while it has a claimed slot in it that is not yet finished.
@frozen
@safe
@usableFromInline
package struct InjectionBlock<Element: ~Copyable, Word: SharedWord & ~Copyable> {
  @usableFromInline
  let start: UnsafeMutablePointer<Word>

  /// One slot fewer than there are numbers in a lap of the indices: the last number means that the next block is being
  /// put in place.
  @inlinable static var slotCount: Int { Word.lap &- 1 }
  @inlinable static var headerCount: Int { 16 }
  @inlinable static var slotWordCount: Int { 1 &+ ElementWords<Element>.count }
  @inlinable static var wordCount: Int { headerCount &+ slotCount &* slotWordCount }

  // The possible states of a slot.
  @inlinable static var vacant: Int { 0 }
  @inlinable static var filled: Int { 1 }
  @inlinable static var givenUp: Int { 2 }

  @inlinable @inline(__always)
  @unsafe
  init(_ start: UnsafeMutablePointer<Word>) { unsafe self.start = start }

  @inlinable @inline(__always)
  init?(bits: Int) {
    guard let pointer = unsafe UnsafeMutablePointer<Word>(bitPattern: bits) else { return nil }
    unsafe start = pointer
  }

  @inlinable
  var bits: Int {
    @inline(__always) get { unsafe Int(bitPattern: start) }
  }

  /// The next block's address, or zero; written once.
  @inlinable
  var next: UnsafeMutablePointer<Word> {
    @inline(__always) get { unsafe start }
  }

  /// The number of finished slots.
  @inlinable
  var finished: UnsafeMutablePointer<Word> {
    @inline(__always) get { unsafe start + 8 }
  }

  @inlinable @inline(__always)
  func slot(_ number: Int) -> UnsafeMutablePointer<Word> {
    unsafe start + (Self.headerCount &+ number &* Self.slotWordCount)
  }

  @inlinable
  static func make() -> InjectionBlock {
    unsafe InjectionBlock(Word.allocate(wordCount: wordCount))
  }

  @inlinable
  func free() { unsafe Word.deallocate(start) }

  /// Prepares the block for another use; no other thread has it.
  @inlinable
  func reset() {
    unsafe next.pointee.storeRelaxed(0)
    unsafe finished.pointee.storeRelaxed(0)
    for number in 0..<Self.slotCount { unsafe slot(number).pointee.storeRelaxed(Self.vacant) }
  }

  /// Fills a slot that this thread has claimed for pushing; returns `false` if the thief that waited for it has given
  /// it up.
  @inlinable @inline(__always)
  func fill(_ number: Int, from scratch: ElementWords<Element>.Scratch) -> Bool {
    let slot = unsafe slot(number)
    for word in 0..<ElementWords<Element>.count { unsafe slot[1 &+ word].storeRelaxed(scratch[word]) }
    // Publishes the words; pairs with the thief's load of the state, or with its giving up.
    return unsafe slot.pointee.exchange(Self.filled) == Self.vacant
  }

  /// Empties a slot that this thread has claimed for stealing; returns `false` if its pusher is late.
  ///
  /// The thief waits briefly for the pusher. After that the pusher finds the slot given up, and pushes once more.
  @inlinable @inline(__always)
  func empty(_ number: Int, reading read: (UnsafeMutablePointer<Word>) -> Void) -> Bool {
    let slot = unsafe slot(number)
    // Pairs with the pusher's exchange of the state.
    if unsafe slot.pointee.loadAcquiring() != Self.filled, !waitForFilling(number) { return false }
    unsafe read(slot + 1)
    return true
  }

  @inlinable @inline(never)
  func waitForFilling(_ number: Int) -> Bool {
    let slot = unsafe slot(number)
    for _ in 0..<Word.patience {
      if unsafe slot.pointee.loadAcquiring() == Self.filled { return true }
    }
    if !Word.keeps(.atomicGivingUp) {
      unsafe slot.pointee.storeReleasing(Self.givenUp)
      return false
    }
    // Pairs with the pusher's exchange: one of the two comes first.
    return unsafe !slot.pointee.compareExchange(expected: Self.vacant, desired: Self.givenUp).exchanged
  }

  /// Counts slots as finished; returns `true` to the thread that finished the last, which now owns the block.
  @inlinable @inline(__always)
  func finish(_ count: Int) -> Bool {
    // Releases this thread's accesses to its slots, and acquires those of all others for the one that frees the block.
    unsafe finished.pointee.add(count) == (Word.keeps(.freedLast) ? Self.slotCount : Self.slotCount &- 1)
  }
}
