extension ThiefEnd where Element: ~Copyable, Word: ~Copyable {
  @inlinable
  package func steal(
    upTo limit: Int, ifAtLeast minimum: Int = 1, into destination: inout OwnerEnd<Element, Word>
  ) -> StealResult<Int> {
    checkLimit(limit)
    if destination.control == control {
      return control.count() >= max(minimum, 1) ? .success(0) : .empty
    }
    switch take(upTo: limit, ifAtLeast: minimum, into: &destination, popping: false) {
    case .success(let count):
      destination.publish(count)
      return .success(count)
    case .empty: return .empty
    case .retry: return .retry
    }
  }

  @inlinable
  package func stealAndPop(
    upTo limit: Int, into destination: inout OwnerEnd<Element, Word>
  ) -> StealResult<Element> {
    var count = 0
    return stealAndPop(upTo: limit, ifAtLeast: 1, into: &destination, counting: &count)
  }

  /// - Parameter count: set to the number of elements taken in all, if any.
  @inlinable
  package func stealAndPop(
    upTo limit: Int, ifAtLeast minimum: Int, into destination: inout OwnerEnd<Element, Word>, counting count: inout Int
  ) -> StealResult<Element> {
    checkLimit(limit)
    if destination.control == control {
      guard control.count() >= minimum, let element = destination.pop() else { return .empty }
      count = 1
      return .success(element)
    }
    switch take(upTo: limit, ifAtLeast: minimum, into: &destination, popping: true) {
    case .success(let taken):
      let element = destination.take(at: destination.back &+ (taken &- 1))
      destination.publish(taken &- 1)
      count = taken
      return .success(element)
    case .empty: return .empty
    case .retry: return .retry
    }
  }

  /// Claims a batch and writes it into the destination's free cells, in the order that they need there; with `popping`,
  /// the element to return comes last.
  @inlinable
  func take(
    upTo limit: Int, ifAtLeast minimum: Int, into destination: inout OwnerEnd<Element, Word>, popping: Bool
  ) -> StealResult<Int> {
    let (front, back) = look()
    let count = back &- front
    guard count > 0, count >= minimum else { return .empty }
    let size = batchSize(of: count, limit: limit)
    destination.reserve(size)
    if control.order == .fifo || !Word.keeps(.batchClaimsSingly) {
      return takeTogether(size, at: front, into: destination, popping: popping)
    }
    return takeSingly(size, at: front, into: destination, popping: popping)
  }

  /// Takes a batch from a deque whose owner pops at the thieves' end: one claim for all, or nothing.
  @inlinable
  func takeTogether(
    _ size: Int, at front: Int, into destination: borrowing OwnerEnd<Element, Word>, popping: Bool
  ) -> StealResult<Int> {
    // After the load of `back`, as in `steal()`.
    let tag = unsafe control.tag.pointee.loadAcquiring()
    let cells = control.array(tagged: tag)
    let target = destination.cells
    let last = destination.back &+ (size &- 1)
    var index = front
    let end = front &+ size
    // The oldest is to be popped first: it goes last for an owner that pops the newest, or is to be returned.
    if destination.order == .lifo {
      var place = last
      while index != end {
        target.copyEarly(from: cells, at: index, to: place)
        index &+= 1
        place &-= 1
      }
    } else {
      var place = destination.back
      if popping {
        target.copyEarly(from: cells, at: index, to: last)
        index &+= 1
      }
      while index != end {
        target.copyEarly(from: cells, at: index, to: place)
        index &+= 1
        place &+= 1
      }
    }
    return claim(size, at: front, from: tag) ? .success(size) : .retry
  }

  /// Takes a batch from a deque whose owner pops at the other end: one claim for each element, each after reading that
  /// end and the array again.
  ///
  /// One claim for several could take what the owner pops meanwhile without a claim.
  @inlinable
  func takeSingly(
    _ size: Int, at front: Int, into destination: borrowing OwnerEnd<Element, Word>, popping: Bool
  ) -> StealResult<Int> {
    let free = destination.back
    var taken = 0
    var tag = 0
    var cells = destination.cells
    while taken < size {
      let index = front &+ taken
      if taken > 0, Word.keeps(.batchLooksAtBack) {
        // As in `steal()`; `front` was last written by this thread's own claim, which is in the total order before this.
        let back = unsafe control.back.pointee.loadSequential()
        if back &- index <= 0 { break }
      }
      // The array is read again for each element: the owner may have changed it, and only the new one has later
      // elements.
      if Word.keeps(.batchLooksAtArray) || taken == 0 {
        tag = unsafe control.tag.pointee.loadAcquiring()
        cells = control.array(tagged: tag)
      }
      destination.cells.copyEarly(from: cells, at: index, to: free &+ taken)
      if !Word.keeps(.batchLooksAtArray) { tag = unsafe control.tag.pointee.loadAcquiring() }
      if !claim(1, at: index, from: tag) { break }
      taken &+= 1
    }
    if taken == 0 { return .retry }
    // The newest is to be popped first: it is last as it is, but must be first for an owner that pops the oldest.
    if destination.order == .fifo { destination.cells.reverse(from: free, count: popping ? taken &- 1 : taken) }
    return .success(taken)
  }
}
