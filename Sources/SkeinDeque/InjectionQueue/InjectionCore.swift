/// The shared memory of an injection queue: where to push and where to steal, each an index and a block.
///
/// An index counts in laps of 64: 63 slots, and one number that means "the claimant of the last slot is putting the
/// next block in place". The block is stored before the index that leads into it; so a thread that reads first the
/// index and then the block, and then claims at that index, has read the block that belongs to it. It accesses no block
/// before its claim.
///
/// SAFETY: `start` points to `byteCount` bytes, laid out as below and initialised by `init`; they are freed by
/// `destroy`, which is called once, when the queue is no longer used.
@frozen
@safe
@usableFromInline
package struct InjectionCore<Element: ~Copyable, Word: SharedWord & ~Copyable> {
  @usableFromInline
  package typealias Block = InjectionBlock<Element, Word>

  @usableFromInline
  let start: UnsafeMutablePointer<Word>

  // Thieves write the first pair and pushers the second: each has two cache lines to itself.
  @inlinable var head: UnsafeMutablePointer<Word> { @inline(__always) get { unsafe start } }
  @inlinable var headBlock: UnsafeMutablePointer<Word> { @inline(__always) get { unsafe start + 1 } }
  /// An earlier value of `tail`, read by a thief.
  @inlinable var knownTail: UnsafeMutablePointer<Word> { @inline(__always) get { unsafe start + 2 } }
  @inlinable var tail: UnsafeMutablePointer<Word> { @inline(__always) get { unsafe start + 16 } }
  @inlinable var tailBlock: UnsafeMutablePointer<Word> { @inline(__always) get { unsafe start + 17 } }
  /// One block kept for the next use, or zero.
  @inlinable var spare: UnsafeMutablePointer<Word> { @inline(__always) get { unsafe start + 32 } }
  @inlinable static var wordCount: Int { 48 }

  /// The number in a lap that is no slot.
  @inlinable static var boundary: Int { Word.lap &- 1 }

  /// - Parameter index: the start of the indices, rounded down to a lap; a test starts near the end of the word.
  @inlinable
  package init(index: Int = 0) {
    unsafe start = Word.allocate(wordCount: Self.wordCount)
    let block = Block.make()
    let first = index & ~Self.boundary
    unsafe headBlock.initialize(to: Word(block.bits))
    unsafe tailBlock.initialize(to: Word(block.bits))
    unsafe head.initialize(to: Word(first))
    unsafe tail.initialize(to: Word(first))
    unsafe knownTail.initialize(to: Word(first))
  }

  /// Returns the number of slots from one index to a later one.
  @inlinable @inline(__always)
  static func distance(from head: Int, to tail: Int) -> Int {
    let laps = ((tail & ~boundary) &- (head & ~boundary)) >> Word.lap.trailingZeroBitCount
    return laps &* Block.slotCount &+ (tail & boundary) &- (head & boundary)
  }

  /// Returns the number of elements at some moment during the call, including those whose push is not finished.
  @inlinable
  package func count() -> Int {
    var head = unsafe head.pointee.loadSequential()
    while true {
      // Pairs with the claims of pushers.
      let count = Self.distance(from: head, to: unsafe tail.pointee.loadSequential())
      // If no thief claimed an element meanwhile, this was the count when `tail` was read.
      let again = unsafe self.head.pointee.loadSequential()
      if again == head { return count }
      head = again
    }
  }

  /// Returns whether the queue was empty at some moment during the call; if not, it was not empty at some moment.
  @inlinable @inline(__always)
  package func isEmpty() -> Bool {
    // In this order: `head` may move on meanwhile, but not back. Pairs with the claims of pushers and thieves.
    let head = unsafe head.pointee.loadSequential()
    return Self.distance(from: head, to: unsafe tail.pointee.loadSequential()) <= 0
  }

  /// Returns the block after `block`, in which this thread has an unfinished slot; makes and links it if necessary.
  @inlinable @inline(never)
  func successor(of block: Block) -> Block {
    // Pairs with the compare-exchange below, which another thread may have made.
    if let next = unsafe Block(bits: block.next.pointee.loadAcquiring()) { return next }
    let made = makeBlock()
    if !Word.keeps(.linkedOnce) {
      unsafe block.next.pointee.storeReleasing(made.bits)
      return made
    }
    // Publishes the new block; of the last slot's pusher and its thief only the first succeeds.
    let (linked, other) = unsafe block.next.pointee.compareExchange(expected: 0, desired: made.bits)
    if linked { return made }
    recycle(made)
    return Block(bits: other)!
  }

  @inlinable
  func makeBlock() -> Block {
    // Pairs with the exchange of the thread that left the block here.
    if let block = unsafe Block(bits: spare.pointee.exchange(0)) { return block }
    return .make()
  }

  /// Keeps an unused block for the next use, or frees it.
  @inlinable @inline(never)
  func recycle(_ block: Block) {
    block.reset()
    // Publishes the reset; pairs with the exchange of the thread that uses the block again.
    if let second = unsafe Block(bits: spare.pointee.exchange(block.bits)) { second.free() }
  }

  /// Destroys the elements that were never stolen, oldest first, and frees everything; the queue is no longer used.
  @inlinable
  package func destroy() {
    var head = unsafe head.pointee.loadSequential()
    let tail = unsafe tail.pointee.loadSequential()
    var block = unsafe Block(bits: headBlock.pointee.loadSequential())
    while let current = block {
      while Self.distance(from: head, to: tail) > 0, head & Self.boundary != Self.boundary {
        ElementWords<Element>.withScratch { scratch in
          let filled = unsafe current.empty(head & Self.boundary) { words in
            for word in 0..<ElementWords<Element>.count { unsafe scratch[word] = words[word].loadRelaxed() }
          }
          if filled { _ = scratch.take() }
        }
        head &+= 1
      }
      if head & Self.boundary == Self.boundary { head &+= 1 }
      block = unsafe Block(bits: current.next.pointee.loadSequential())
      current.free()
    }
    unsafe Block(bits: spare.pointee.loadSequential())?.free()
    unsafe Word.deallocate(start)
  }
}
