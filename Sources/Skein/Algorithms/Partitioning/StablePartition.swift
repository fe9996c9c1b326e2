// Work O(n) calls and 2n moves; span O(log n) of each, and an addition for every 4096 elements.
// Scratch: n/8 bytes, and as many elements as lie between the first and the last that are out of place. Stable.

/// Moves the elements that the leaf marks behind the others, and keeps the order of both.
/// - Returns: The number of the others.
@inlinable
func stablePartition<Element, E>(
  _ elements: UnsafeMutableBufferPointer<Element>, plan: LoopPlan, _ leaf: @escaping MarkLeaf<Element, E>
) throws(E) -> Int {
  unsafe try ElementMarks.of(elements, plan: plan, leaf, ifEmpty: 0) { marks in
    unsafe marks.separate(elements.baseAddress!, plan: plan)
    return marks.count - marks.marked
  }
}

extension ElementMarks {
  /// Moves the marked elements behind the others, keeping the order of both.
  @inlinable
  func separate<Element>(_ elements: UnsafeMutablePointer<Element>, plan: LoopPlan) {
    // Elements at either end that are in place already stay there.
    var groups = 0..<groupCount
    while let first = groups.first, unsafe before[first + 1] == 0 { groups.removeFirst() }
    while let last = groups.last, unsafe marked - before[last] == count - positions(ofGroup: last).lowerBound {
      groups.removeLast()
    }
    guard let first = groups.first, let last = groups.last else { return }
    let start = positions(ofGroup: first).lowerBound
    let count = positions(ofGroup: last).upperBound - start
    let boundary = unsafe count - (before[last + 1] - before[first])
    let scratch = UnsafeMutablePointer<Element>.allocate(capacity: count)
    defer { unsafe scratch.deallocate() }
    // SAFETY: each element is moved by the batch that has its group, and then its position, to a place that is its alone.
    runMovingLoop(count: groups.count, plan: plan.moving(minimumBatch: 1)) { part in
      let markedBefore = unsafe before[first + part.lowerBound] - before[first]
      let place = positions(ofGroup: first + part.lowerBound).lowerBound - start
      unsafe deal(
        elements, first + part.lowerBound..<first + part.upperBound, unmarked: scratch + (place - markedBefore),
        marked: scratch + (boundary + markedBefore))
    }
    runMovingLoop(count: count, plan: plan.moving(minimumBatch: 4096)) { positions in
      unsafe (elements + (start + positions.lowerBound))
        .moveInitialize(from: scratch + positions.lowerBound, count: positions.count)
    }
  }

  /// Moves the elements of whole groups to two places.
  @inlinable
  func deal<Element>(
    _ elements: UnsafeMutablePointer<Element>, _ groups: Range<Int>, unmarked: UnsafeMutablePointer<Element>,
    marked: UnsafeMutablePointer<Element>
  ) {
    var (unmarked, marked) = unsafe (unmarked, marked)
    for word in words(of: groups.lowerBound).lowerBound..<words(of: groups.upperBound - 1).upperBound {
      let positions = positions(of: word)
      var source = unsafe elements + positions.lowerBound
      var bits = unsafe words[word]
      if bits == 0 || bits == valid(word) {
        let target = unsafe bits == 0 ? unmarked : marked
        unsafe target.moveInitialize(from: source, count: positions.count)
        unsafe unmarked += bits == 0 ? positions.count : 0
        unsafe marked += bits == 0 ? 0 : positions.count
        continue
      }
      for _ in positions {
        let bit = Int(truncatingIfNeeded: bits & 1)
        let target = unsafe bit != 0 ? marked : unmarked
        unsafe target.initialize(to: source.move())
        unsafe marked += bit
        unsafe unmarked += 1 &- bit
        unsafe source += 1
        bits &>>= 1
      }
    }
  }

  @inlinable
  func positions(ofGroup group: Int) -> Range<Int> {
    let words = words(of: group)
    return positions(of: words.lowerBound).lowerBound..<positions(of: words.upperBound - 1).upperBound
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Moves all elements that satisfy a condition behind those that do not, keeping the order of both, and returns the
  /// index of the first one that does.
  ///
  ///     let firstDone = tasks.parallel.stablePartition { $0.isDone }
  ///
  /// - Throws: The error of the first element in order whose call throws. Then no element has moved.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls. Scratch: at most *n* elements, and *n*/8 bytes.
  @_alwaysEmitIntoClient
  @inline(__always)
  @discardableResult
  public mutating func stablePartition<E>(
    by belongsInSecondPartition: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Base.Index {
    let plan = plan
    let leaf = unsafe markLeaf(belongsInSecondPartition)
    let boundary = unsafe try withMutableElements { (elements) throws(E) in
      unsafe try Skein.stablePartition(elements, plan: plan, leaf)
    }
    return index(boundary)
  }
}

extension ParallelMutableBuffer {
  /// Moves all elements that satisfy a condition behind those that do not, keeping the order of both, and returns the
  /// index of the first one that does.
  ///
  /// See ``ParallelElements/stablePartition(by:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  @discardableResult
  public func stablePartition<E>(
    by belongsInSecondPartition: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Int {
    unsafe try Skein.stablePartition(base, plan: plan, markLeaf(belongsInSecondPartition))
  }
}
