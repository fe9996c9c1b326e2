extension InjectionCore where Element: ~Copyable, Word: ~Copyable {
  @inlinable @inline(__always)
  package func push(_ element: consuming Element) {
    ElementWords<Element>.withScratch(holding: element) { scratch in
      while !tryPush(scratch) {}
    }
  }

  /// Claims a slot and fills it; returns `false` if the thief that claimed the same slot did not wait.
  @inlinable @inline(__always)
  func tryPush(_ scratch: ElementWords<Element>.Scratch) -> Bool {
    // Pairs with the store of the thread that put the present block in place.
    var tail = unsafe self.tail.pointee.loadAcquiring()
    var round = 0
    while true {
      let number = tail & Self.boundary
      if number == Self.boundary {
        // The claimant of the last slot is about to store the next block: a few instructions, unless it is descheduled.
        Word.relax(round: round)
        round &+= 1
        tail = unsafe self.tail.pointee.loadAcquiring()
        continue
      }
      // After the index, and valid only if the claim succeeds. Pairs with the same thread's store.
      let bits = unsafe tailBlock.pointee.loadAcquiring()
      // Pairs with all other claims of pushers, and with the load by which thieves find out that there is an element.
      let (claimed, seen) = unsafe Self.claim(self.tail, from: tail, to: tail &+ 1)
      guard claimed else {
        tail = seen
        continue
      }
      let block = unsafe Block(bits: bits).unsafelyUnwrapped
      if number == Block.slotCount &- 1 { advanceTail(from: block, tail: tail &+ 1) }
      if block.fill(number, from: scratch) { return true }
      // Given up by its thief; no other thread will access it.
      if Word.keeps(.finishedOnce), block.finish(1) { recycle(block) }
      return !Word.keeps(.pushedAgain)
    }
  }

  /// Puts the next block in place for the pushers, after the claim of a block's last slot.
  @inlinable @inline(never)
  func advanceTail(from block: Block, tail: Int) {
    // The block before the index: pairs with the pushers' loads, which come in the other order.
    let next = successor(of: block)
    if !Word.keeps(.blockBeforeTail) { unsafe self.tail.pointee.storeReleasing(tail &+ 1) }
    unsafe tailBlock.pointee.storeReleasing(next.bits)
    unsafe self.tail.pointee.storeReleasing(tail &+ 1)
  }

  /// Increments an index, if it still has its old value.
  @inlinable @inline(__always)
  static func claim(_ index: UnsafeMutablePointer<Word>, from old: Int, to new: Int) -> (Bool, Int) {
    if !Word.keeps(.atomicPlace) {
      let seen = unsafe index.pointee.loadSequential()
      if seen == old { unsafe index.pointee.storeSequential(new) }
      return (seen == old, seen)
    }
    return unsafe index.pointee.compareExchange(expected: old, desired: new)
  }
}
