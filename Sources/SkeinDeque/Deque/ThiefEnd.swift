/// A thief's end of a deque: takes the oldest element, from any thread.
///
/// A claim is a strong compare-exchange of `front`, which never goes back; so while `front` does not change, neither
/// does the element it points to, whatever array it is in. Every operation is lock-free: it fails only because another
/// thread took something.
///
/// SAFETY: an address that never changes, of words made for several threads, and of memory that the owner writes before
/// it releases the word that points there.
@frozen
@usableFromInline
package struct ThiefEnd<Element: ~Copyable, Word: SharedWord & ~Copyable>: @unchecked Sendable {
  @usableFromInline
  package let control: DequeControl<Element, Word>

  @inlinable @inline(__always)
  package init(_ control: DequeControl<Element, Word>) { self.control = control }

  @inlinable @inline(__always)
  package func steal() -> StealResult<Element> {
    let (front, back) = look()
    guard back &- front > 0 else { return .empty }
    // After `back`: this array, or a later one, has the element. Pairs with the owner's change of array.
    let tag = unsafe control.tag.pointee.loadAcquiring()
    let cells = control.array(tagged: tag)
    return ElementWords<Element>.withScratch { scratch in
      cells.readEarly(into: scratch, at: front)
      guard claim(1, at: front, from: tag) else { return .retry }
      return .success(scratch.take())
    }
  }

  /// Loads `front`, then `back`.
  @inlinable @inline(__always)
  func look() -> (front: Int, back: Int) {
    let early = Word.keeps(.frontBeforeBack) ? 0 : unsafe control.back.pointee.loadSequential()
    // In this order, both in the one total order: pairs with the owner's store of `back` and load of `front` in a pop
    // of the newest. `back` also pairs with the store of a push, and so with the cell before it.
    let front = unsafe control.front.pointee.loadSequential()
    let back = Word.keeps(.frontBeforeBack) ? unsafe control.back.pointee.loadSequential() : early
    return (front, back)
  }

  /// Claims `count` elements read from the array that `tag` identifies.
  @inlinable @inline(__always)
  func claim(_ count: Int, at front: Int, from tag: Int) -> Bool {
    // After the cells were read: an array that went out of use meanwhile may have lost them. Ordered by their acquiring
    // loads; pairs with the owner's change of array.
    guard unsafe control.tag.pointee.loadRelaxed() == tag || !Word.keeps(.tagAgain) else { return false }
    if !Word.keeps(.atomicClaim) {
      guard unsafe control.front.pointee.loadSequential() == front else { return false }
      unsafe control.front.pointee.storeSequential(front &+ count)
      return true
    }
    if !Word.keeps(.comparedClaim) { return unsafe control.front.pointee.add(count) > 0 }
    // Pairs with every other claim, and with the loads of `front` by which the owner learns that cells are free again.
    return unsafe control.front.pointee.compareExchange(expected: front, desired: front &+ count).exchanged
  }
}

/// Returns the size of a batch taken of `count` elements: half, rounded up, but no more than `limit`.
@inlinable @inline(__always)
package func batchSize(of count: Int, limit: Int) -> Int {
  min(count &- count / 2, limit)
}
