/// The owner's end of a deque: push and pop, one thread at a time.
///
/// After Chase and Lev (2005), with the memory orders of Lê, Pop, Cohen and Zappa Nardelli (2013) moved from fences to the
/// accesses themselves.
@frozen
@usableFromInline
package struct OwnerEnd<Element: ~Copyable, Word: SharedWord & ~Copyable>: ~Copyable {
  @usableFromInline
  package let lifetime: DequeLifetime<Element, Word>
  /// The same address that `lifetime` holds; reading it here does no reference counting.
  @usableFromInline
  package let control: DequeControl<Element, Word>
  @usableFromInline
  package let order: DequeOrder

  /// - Parameter index: the start of the indices; any number will do, and a test starts near the end of the word.
  @inlinable
  package init(order: DequeOrder, minimumCapacity: Int, index: Int = 0) {
    if minimumCapacity < 1 { trap("A work-stealing deque needs a minimum capacity of at least 1") }
    if minimumCapacity > 1 &<< 48 {
      trap("A work-stealing deque cannot start with room for \(minimumCapacity) elements")
    }
    var capacity = 1
    while capacity < minimumCapacity { capacity &<<= 1 }
    control = DequeControl(order: order, capacity: capacity, index: index)
    lifetime = DequeLifetime(control)
    self.order = order
  }

  @inlinable @inline(__always)
  package mutating func push(_ element: consuming Element) {
    // In a constant, as a compiler cannot know that the cell written in between is not this word.
    let newest = back
    if newest &- knownFront >= cells.capacity, Word.keeps(.roomBeforePush) { makeRoom(for: 1) }
    if !Word.keeps(.cellBeforeBack) { unsafe control.back.pointee.storeReleasing(newest &+ 1) }
    ElementWords<Element>.withScratch(holding: element) { cells.write($0, at: newest) }
    publish(upTo: newest &+ 1)
  }

  @inlinable @inline(__always)
  package mutating func pop() -> Element? {
    // `front` is not read here: `knownFront` is a lower bound, and both ways of taking an element find out how good it
    // is. What must be the last element, if there is one, is also the oldest, and is claimed as such.
    if order == .lifo, back &- knownFront > 1 { return popNewest() }
    return popOldest()
  }

  /// Takes the newest of at least two elements as far as known, usually without a claim.
  @inlinable @inline(__always)
  mutating func popNewest() -> Element? {
    let newest = back &- 1
    // Store, then load, both in the one total order: a thief loads `front` and then `back` there. Either it sees this
    // store and leaves the newest alone, or this load sees that everything before the newest is gone.
    let early = Word.keeps(.backBeforeFront) ? 0 : unsafe control.front.pointee.loadSequential()
    unsafe control.back.pointee.storeSequential(newest)
    // Pairs also with the claims of thieves, so that a later push may overwrite what they have read.
    let front = Word.keeps(.backBeforeFront) ? unsafe control.front.pointee.loadSequential() : early
    let remaining = newest &- front
    if remaining > 0 {
      // The known value of `front` will do: this saves a store before the next pop's atomic access, which waits for all
      // stores.
      back = newest
      if remaining >= highWaterMark { noteHighWater(remaining &+ 1) }
      let element = take(at: newest)
      if remaining < quietBelow { noteQuiet(1) }
      return element
    }
    // One behind `front` is as empty as equal to it; the next push corrects that.
    knownFront = back
    if remaining < 0 { return nil }
    // Thieves have come up to the last element: all claim it in the same way. Pairs with their compare-exchange.
    let won = unsafe control.front.pointee.compareExchange(expected: front, desired: back).exchanged
    return won || !Word.keeps(.ownerClaimsLast) ? take(at: newest) : nil
  }

  /// Claims the oldest element as a thief does.
  @inlinable @inline(__always)
  mutating func popOldest() -> Element? {
    var oldest = knownFront
    while back &- oldest > 0 {
      // Pairs with the thieves' compare-exchange; failure means that one of them has taken an element since `front` was
      // last read. It acquires in both cases, so that a later push may overwrite what they have read.
      let (claimed, seen) = unsafe control.front.pointee.compareExchange(expected: oldest, desired: oldest &+ 1)
      if claimed {
        knownFront = oldest &+ 1
        let remaining = back &- knownFront
        if remaining >= highWaterMark { noteHighWater(remaining &+ 1) }
        let element = take(at: oldest)
        if remaining < quietBelow { noteQuiet(1) }
        return element
      }
      oldest = seen
    }
    knownFront = oldest
    if cells.capacity > minimumCapacity { noteQuiet(max(cells.capacity / 16, 1)) }
    return nil
  }

  /// Makes an element from a cell that this owner has claimed.
  @inlinable @inline(__always)
  package func take(at index: Int) -> Element {
    ElementWords<Element>.withScratch { scratch in
      cells.read(into: scratch, at: index)
      return scratch.take()
    }
  }

  @inlinable
  package var capacity: Int { cells.capacity }

  @inlinable
  package var minimumCapacity: Int { unsafe control.owner.pointee.minimumCapacity }

  /// Publishes `count` elements that were written from `back` on, as the owner's newest.
  @inlinable @inline(__always)
  package mutating func publish(_ count: Int) { publish(upTo: back &+ count) }

  @inlinable @inline(__always)
  mutating func publish(upTo end: Int) {
    back = end
    // Publishes the cells; pairs with the thief's load of `back`.
    unsafe control.back.pointee.storeReleasing(end)
  }

  /// Makes sure that `count` more elements fit.
  @inlinable @inline(__always)
  package mutating func reserve(_ count: Int) {
    if back &- knownFront > cells.capacity &- count { makeRoom(for: count) }
  }
}

// MARK: - The owner's state

// SAFETY: only the owner uses `control.owner`, one thread at a time, and it lives as long as `lifetime`.
extension OwnerEnd where Element: ~Copyable, Word: ~Copyable {
  @inlinable
  package internal(set) var cells: CellArray<Element, Word> {
    @inline(__always) get { unsafe control.owner.pointee.cells }
    @inline(__always) set { unsafe control.owner.pointee.cells = newValue }
  }

  @inlinable
  package internal(set) var back: Int {
    @inline(__always) get { unsafe control.owner.pointee.back }
    @inline(__always) set { unsafe control.owner.pointee.back = newValue }
  }

  @inlinable
  var knownFront: Int {
    @inline(__always) get { unsafe control.owner.pointee.knownFront }
    @inline(__always) set { unsafe control.owner.pointee.knownFront = newValue }
  }

  @inlinable
  var quietBelow: Int {
    @inline(__always) get { unsafe control.owner.pointee.quietBelow }
    @inline(__always) set { unsafe control.owner.pointee.quietBelow = newValue }
  }

  @inlinable
  var quiet: Int {
    @inline(__always) get { unsafe control.owner.pointee.quiet }
    @inline(__always) set { unsafe control.owner.pointee.quiet = newValue }
  }

  @inlinable
  var highWaterMark: Int {
    @inline(__always) get { unsafe control.owner.pointee.highWaterMark }
    @inline(__always) set { unsafe control.owner.pointee.highWaterMark = newValue }
  }
}
