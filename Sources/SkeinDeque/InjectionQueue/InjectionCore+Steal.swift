extension InjectionCore where Element: ~Copyable, Word: ~Copyable {
  /// The claim of a thief: `count` slots of `block` from `first` on.
  @usableFromInline
  struct Claim {
    @usableFromInline let block: Block
    @usableFromInline let first: Int
    @usableFromInline let count: Int

    @inlinable @inline(__always)
    init(block: Block, first: Int, count: Int) {
      self.block = block
      self.first = first
      self.count = count
    }
  }

  /// Claims the oldest slots of the first block, but no more than `limit`.
  @inlinable @inline(__always)
  func claim(upTo limit: Int) -> StealResult<Claim> {
    // Pairs with the store of the thief that put the present block in place.
    let head = unsafe self.head.pointee.loadSequential()
    // A bound that a thief has seen; while it is ahead there is no need to read the word that the pushers write all the
    // time. It may be outdated, and then costs another load.
    var available = Self.distance(from: head, to: unsafe knownTail.pointee.loadRelaxed())
    if available < limit {
      available = look(from: head)
      guard available > 0 else { return .empty }
    }
    return claim(min(limit, available), at: head)
  }

  /// Returns the number of elements from `head` on: exact if `head` still has this value.
  @inlinable @inline(__always)
  func look(from head: Int) -> Int {
    // After `head`: if both are equal, the queue was empty at this moment. Pairs with the claims of pushers.
    let tail = unsafe self.tail.pointee.loadSequential()
    unsafe knownTail.pointee.storeRelaxed(tail)
    return Self.distance(from: head, to: tail)
  }

  /// Claims as many of `count` slots from `head` on as are in one block.
  @inlinable @inline(__always)
  func claim(_ count: Int, at head: Int) -> StealResult<Claim> {
    let first = head & Self.boundary
    // Another thief is about to store the next block.
    if first == Self.boundary { return .retry }
    let count = min(count, Block.slotCount &- first)
    // After the index, and valid only if the claim succeeds. Pairs with the same thread's store.
    let bits = unsafe headBlock.pointee.loadAcquiring()
    // Pairs with all other claims of thieves.
    guard unsafe Self.claim(self.head, from: head, to: head &+ count).0 else { return .retry }
    let block = unsafe Block(bits: bits).unsafelyUnwrapped
    if first &+ count == Block.slotCount { advanceHead(from: block, head: head &+ count) }
    return .success(Claim(block: block, first: first, count: count))
  }

  /// Puts the next block in place for the thieves, after the claim of a block's last slot.
  @inlinable @inline(never)
  func advanceHead(from block: Block, head: Int) {
    // The block before the index: pairs with the thieves' loads, which come in the other order.
    let next = successor(of: block)
    if !Word.keeps(.blockBeforeHead) { unsafe self.head.pointee.storeReleasing(head &+ 1) }
    unsafe headBlock.pointee.storeReleasing(next.bits)
    unsafe self.head.pointee.storeReleasing(head &+ 1)
  }

  @inlinable @inline(__always)
  package func steal() -> StealResult<Element> {
    switch claim(upTo: 1) {
    case .empty: return .empty
    case .retry: return .retry
    case .success(let claim):
      return ElementWords<Element>.withScratch { scratch in
        let filled = unsafe claim.block.empty(claim.first) { words in
          for word in 0..<ElementWords<Element>.count { unsafe scratch[word] = words[word].loadRelaxed() }
        }
        guard filled else {
          if !Word.keeps(.finishedOnce), claim.block.finish(1) { recycle(claim.block) }
          return .retry
        }
        if claim.block.finish(1) { recycle(claim.block) }
        return .success(scratch.take())
      }
    }
  }

  /// Moves the oldest elements to `destination`, which will pop the oldest of them first; if `oldest` is given, it
  /// receives the first of all, which counts.
  @inlinable
  func take(
    upTo limit: Int, ifAtLeast minimum: Int, into destination: inout OwnerEnd<Element, Word>,
    oldest: ElementWords<Element>.Scratch?
  ) -> StealResult<Int> {
    checkLimit(limit)
    // Pairs with the store of the thief that put the present block in place.
    let head = unsafe self.head.pointee.loadSequential()
    let available = look(from: head)
    guard available > 0, available >= minimum else { return .empty }
    let size = batchSize(of: available, limit: limit)
    destination.reserve(size)
    // The oldest goes last for an owner that pops the newest.
    let room = oldest == nil ? size : size &- 1
    let step = destination.order == .lifo ? -1 : 1
    var place = destination.order == .lifo ? destination.back &+ (room &- 1) : destination.back
    var claimed = 0
    var taken = 0
    // A batch may span blocks; each part of it is a claim of its own, and losing one ends it.
    while claimed < size,
      case .success(let claim) = claimed == 0 ? claim(size, at: head) : claim(upTo: size &- claimed)
    {
      claimed &+= claim.count
      let before = taken
      for number in claim.first..<claim.first &+ claim.count {
        if taken == 0, let oldest {
          let filled = unsafe claim.block.empty(number) { words in
            for word in 0..<ElementWords<Element>.count { unsafe oldest[word] = words[word].loadRelaxed() }
          }
          if filled { taken = 1 }
        } else {
          let cell = unsafe destination.cells.cell(at: place)
          let filled = unsafe claim.block.empty(number) { words in
            for word in 0..<ElementWords<Element>.count { unsafe cell[word].storeRelaxed(words[word].loadRelaxed()) }
          }
          if filled {
            taken &+= 1
            place &+= step
          }
        }
      }
      if taken > before, claim.block.finish(taken &- before) { recycle(claim.block) }
    }
    if taken == 0 { return .retry }
    let moved = oldest == nil ? taken : taken &- 1
    // Fewer elements arrived than there was room for: those at the end move down to where the owner continues.
    if step < 0, moved < room { destination.cells.move(moved, down: room &- moved, to: destination.back) }
    destination.publish(moved)
    return .success(taken)
  }

  @inlinable
  package func steal(
    upTo limit: Int, ifAtLeast minimum: Int = 1, into destination: inout OwnerEnd<Element, Word>
  ) -> StealResult<Int> {
    take(upTo: limit, ifAtLeast: minimum, into: &destination, oldest: nil)
  }

  @inlinable
  package func stealAndPop(upTo limit: Int, into destination: inout OwnerEnd<Element, Word>) -> StealResult<Element> {
    var count = 0
    return stealAndPop(upTo: limit, into: &destination, counting: &count)
  }

  /// - Parameter count: set to the number of elements taken in all, if any.
  @inlinable
  package func stealAndPop(
    upTo limit: Int, into destination: inout OwnerEnd<Element, Word>, counting count: inout Int
  ) -> StealResult<Element> {
    ElementWords<Element>.withScratch { oldest in
      switch take(upTo: limit, ifAtLeast: 1, into: &destination, oldest: oldest) {
      case .empty: return .empty
      case .retry: return .retry
      case .success(let taken):
        count = taken
        return .success(oldest.take())
      }
    }
  }
}
