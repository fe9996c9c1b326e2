extension OwnerEnd where Element: ~Copyable, Word: ~Copyable {
  /// The slow path of a push or a batch that found no room as far as it knew.
  @inlinable @inline(never)
  mutating func makeRoom(for extra: Int) {
    let count = look()
    if count &+ extra <= cells.capacity {
      // Thieves made room. If they took nearly all elements, give memory back too: the owner may never pop.
      if count &+ extra < quietBelow { shrink(to: cells.capacity / 2) }
      return
    }
    var capacity = cells.capacity
    while capacity < count &+ extra { capacity &*= 2 }
    move(toCapacity: capacity)
  }

  /// Counts pops that found the array nearly empty, and halves the array when there were many without growth in
  /// between.
  ///
  /// So bursts that fill the array each time do not copy it each time. Pops that find nothing count for more.
  @inlinable
  @inline(never)
  mutating func noteQuiet(_ weight: Int) {
    quiet &+= weight
    guard quiet >= cells.capacity / 4 else { return }
    shrink(to: cells.capacity / 2)
    // Patience is spent once: the next such pop continues shrinking, until the array grows.
    quiet = cells.capacity / 4
  }

  /// Out of line, as it is rare: a pop then stores no other owner's state but `back`, and the next one's fence or
  /// claim, which waits for all stores before it, has no more to wait for.
  @inlinable @inline(never)
  mutating func noteHighWater(_ count: Int) { highWaterMark = count }

  /// Changes to a smaller array, if possible.
  @inlinable @inline(never)
  mutating func shrink(to capacity: Int) {
    let count = look()
    guard capacity >= minimumCapacity, capacity < cells.capacity, count <= capacity else { return }
    move(toCapacity: capacity)
  }

  /// Makes the array as small as its elements and the minimum capacity allow.
  @inlinable
  package mutating func shrinkToFit() {
    var capacity = minimumCapacity
    let count = look()
    while capacity < count { capacity &*= 2 }
    shrink(to: capacity)
  }

  /// Reads how far thieves have got, and returns the number of elements.
  @inlinable
  package mutating func look() -> Int {
    // Pairs with the claims of thieves: what they have read may be overwritten.
    knownFront = unsafe control.front.pointee.loadAcquiring()
    let count = back &- knownFront
    highWaterMark = max(highWaterMark, count)
    return count
  }

  @inlinable
  mutating func seenHighWaterMark() -> Int {
    _ = look()
    return highWaterMark
  }

  @inlinable
  mutating func move(toCapacity capacity: Int) {
    let old = cells
    let new = control.array(ofCapacity: capacity)
    let number = unsafe control.tag.pointee.loadRelaxed() >> 6
    let tag = (number &+ 1) &<< 6 | capacity.trailingZeroBitCount
    if !Word.keeps(.copyBeforeTag) { unsafe control.tag.pointee.storeReleasing(tag) }
    var index = knownFront
    let end = back
    while end &- index > 0 {
      new.copy(from: old, at: index)
      index &+= 1
    }
    // Publishes the cells copied, and the array's address; pairs with the thief's first load of the tag. A thief that
    // has read the old array finds the tag changed, or has claimed elements that both arrays have.
    unsafe control.tag.pointee.storeReleasing(tag)
    cells = new
    quietBelow = capacity > minimumCapacity ? capacity / 16 : 0
    quiet = 0
    control.retire(old)
  }
}
