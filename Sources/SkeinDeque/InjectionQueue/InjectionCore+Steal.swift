extension InjectionCore where Element: ~Copyable, Word: ~Copyable {
  /// What a thief claimed: `count` slots of `block` from `first` on.
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

  /// Claims the oldest slots of the first block, as many as `size` says of the number there are.
  @inlinable @inline(__always)
  func claim(_ size: (Int) -> Int) -> StealResult<Claim> {
    // `head` before `tail`: if both are the same, the queue was empty at the moment of the second load. Pairs with the
    // claims of pushers, and with the store of the thief that put the present block in place.
    let head = unsafe self.head.pointee.loadSequential()
    let tail = unsafe self.tail.pointee.loadSequential()
    let available = Self.distance(from: head, to: tail)
    guard available > 0 else { return .empty }
    let first = head & 63
    // Another thief is about to store the next block.
    if first == Self.boundary { return .retry }
    let count = min(size(available), available, Block.slotCount &- first)
    guard count > 0 else { return .empty }
    // After the index, and worth something only if the claim succeeds. Pairs with the same thief's store.
    let bits = unsafe headBlock.pointee.loadAcquiring()
    // Pairs with all other claims of thieves.
    guard unsafe self.head.pointee.compareExchange(expected: head, desired: head &+ count).exchanged else { return .retry }
    let block = unsafe Block(bits: bits).unsafelyUnwrapped
    if first &+ count == Block.slotCount { advanceHead(from: block, head: head &+ count) }
    return .success(Claim(block: block, first: first, count: count))
  }

  /// Puts the next block in place for the thieves, after the claim of a block's last slot.
  @inline(never)
  @usableFromInline
  func advanceHead(from block: Block, head: Int) {
    // The block before the index: pairs with the thieves' loads, which come in the other order.
    unsafe headBlock.pointee.storeReleasing(successor(of: block).bits)
    unsafe self.head.pointee.storeReleasing(head &+ 1)
  }

  @inlinable @inline(__always)
  package func steal() -> StealResult<Element> {
    switch claim({ _ in 1 }) {
    case .empty: return .empty
    case .retry: return .retry
    case .success(let claim):
      return ElementWords<Element>.withScratch { scratch in
        let filled = unsafe claim.block.empty(claim.first) { words in
          for word in 0..<ElementWords<Element>.count { unsafe scratch[word] = words[word].loadRelaxed() }
        }
        guard filled else { return .retry }
        if claim.block.finish(1) { recycle(claim.block) }
        return .success(scratch.take())
      }
    }
  }

  /// Moves slots into the free cells of `destination`, as many as `wanted` says of the number there are, oldest first.
  @inlinable
  func take(
    ifAtLeast minimum: Int, upTo limit: Int, into destination: inout OwnerEnd<Element, Word>
  ) -> StealResult<Int> {
    let available = count()
    guard available > 0, available >= minimum else { return .empty }
    let size = batchSize(of: available, limit: limit)
    destination.reserve(size)
    let free = destination.back
    var (claimed, taken, lost) = (0, 0, false)
    // A batch may span blocks; each part of it is a claim of its own, and losing one ends it.
    while claimed < size, !lost {
      switch claim({ _ in size &- claimed }) {
      case .empty: return taken > 0 ? .success(taken) : (claimed > 0 ? .retry : .empty)
      case .retry: lost = true
      case .success(let claim):
        claimed &+= claim.count
        let before = taken
        for offset in 0..<claim.count {
          let cell = unsafe destination.cells.cell(at: free &+ taken)
          let filled = unsafe claim.block.empty(claim.first &+ offset) { words in
            for word in 0..<ElementWords<Element>.count { unsafe cell[word].storeRelaxed(words[word].loadRelaxed()) }
          }
          if filled { taken &+= 1 }
        }
        if taken > before, claim.block.finish(taken &- before) { recycle(claim.block) }
      }
    }
    return taken > 0 ? .success(taken) : .retry
  }

  @inlinable
  package func steal(
    upTo limit: Int, ifAtLeast minimum: Int = 1, into destination: inout OwnerEnd<Element, Word>
  ) -> StealResult<Int> {
    checkLimit(limit)
    let result = take(ifAtLeast: minimum, upTo: limit, into: &destination)
    if case .success(let count) = result {
      if destination.order == .lifo { destination.cells.reverse(from: destination.back, count: count) }
      destination.publish(count)
    }
    return result
  }

  @inlinable
  package func stealAndPop(
    upTo limit: Int, ifAtLeast minimum: Int = 1, into destination: inout OwnerEnd<Element, Word>
  ) -> StealResult<Element> {
    checkLimit(limit)
    switch take(ifAtLeast: minimum, upTo: limit, into: &destination) {
    case .empty: return .empty
    case .retry: return .retry
    case .success(let count):
      // The oldest goes to the end, where it is taken off; the rest keep the order in which they are to be popped.
      let free = destination.back
      destination.cells.reverse(from: free, count: count)
      let oldest = destination.take(at: free &+ (count &- 1))
      if destination.order == .fifo { destination.cells.reverse(from: free, count: count &- 1) }
      destination.publish(count &- 1)
      return .success(oldest)
    }
  }
}
