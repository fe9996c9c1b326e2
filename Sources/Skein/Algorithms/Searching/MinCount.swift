// Work O(n log k) comparisons, about n + k log² n of them if the elements come in random order; span O(log n) merges of k elements and
// two blocks. Scratch: 2k elements for each of at most 256 blocks. Stable.
//
// Each block of a fixed division keeps its best k in a buffer of 2k, which is sorted and cut when it is full. Most
// elements are compared once, with the worst of those kept. Neighbouring blocks are combined in a fixed tree, so the
// comparisons and their errors are the same at every number of threads.
//
// A block would begin with k elements that it must keep for want of better ones. So a sixteenth of all elements is
// processed first, recursively by the same method, and all blocks of the rest begin with the worst element kept so far. (Of
// a plain sequence nobody knows how many that are, so all its blocks begin with nothing.)

/// The first or the last `limit` of some elements by an order.
@usableFromInline
struct BestElements<Element> {
  /// In order up to the last cut; then in the order of arrival.
  @usableFromInline var kept: [Element] = []
  /// The worst element kept, once there are `limit` of them.
  @usableFromInline var bar: Element?
  @usableFromInline let limit: Int

  @inlinable
  init(limit: Int, bar: Element?) {
    self.limit = limit
    self.bar = bar
  }

  /// Sorts the kept elements, and cuts them to the first `limit`, or to the last. Called on a worker.
  @inlinable
  @inline(__always)
  mutating func cut<E: Error>(
    toLast: Bool, _ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    // Elements that arrived earlier precede those that arrived later, and the sort is stable.
    let kernels = SortKernels(areInIncreasingOrder)
    unsafe try kept.withUnsafeMutableBufferPointer { (kept) throws(E) in unsafe try kernels.stableSort(kept, LoopPlan())
    }
    let excess = kept.count - limit
    if excess >= 0 {
      if toLast { kept.removeFirst(excess) } else { kept.removeLast(excess) }
      bar = toLast ? kept.first : kept.last
    }
  }

  @inlinable
  @inline(__always)
  mutating func append<E: Error>(
    _ element: Element, toLast: Bool, _ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    // Among equal elements the first is kept, or for the largest the last.
    if let bar {
      if try toLast ? areInIncreasingOrder(element, bar) : !areInIncreasingOrder(element, bar) { return }
    }
    kept.append(element)
    if kept.count / 2 >= limit { try cut(toLast: toLast, areInIncreasingOrder) }
  }
}

extension ParallelSequence where Element: Sendable {
  @_alwaysEmitIntoClient
  @inline(__always)
  func best(
    _ count: Int, toLast: Bool, append: @escaping (Element, inout BestElements<Element>) throws(Failure) -> Bool,
    cut: @escaping (inout BestElements<Element>) throws(Failure) -> Void
  ) throws(Failure) -> [Element] {
    require(count >= 0, "the number of elements wanted is at least 0, not \(count)")
    if count == 0 { return [] }
    if Self.isSupplied {
      let blocks = ReductionBlocks(growingTo: 4096)
      guard var best = try bestOfBlocks(count, nil, blocks, append: append, cut: cut) else { return [] }
      try plan.onWorker { () throws(Failure) in try cut(&best) }
      return best.kept
    }
    var ends = [positionCount]
    while let first = ends.last, first / 256 > Swift.max(16, count) { ends.append(first / 16) }
    var best = BestElements<Element>(limit: count, bar: nil)
    var start = 0
    for end in ends.reversed() where start < end {
      let part = PositionRange(self, start..<end)
      let pieces = start == 0 && ends.count > 1 ? 8 : 32
      // Blocks that are large against `count`, so that most of their elements are rejected; but not too few blocks.
      let least = Swift.min(count > 1 << 40 ? count : count * 256, part.positionCount / pieces)
      let blocks = ReductionBlocks(
        positionCount: part.positionCount, minimumBatch: Swift.max(plan.minimumBatch, least), pieces: 256,
        largest: .max / 1024)
      guard let next = try part.bestOfBlocks(count, best.bar, blocks, append: append, cut: cut) else { break }
      best.kept.append(contentsOf: next.kept)
      // Enters the pool on its own: a closure around all of this would hide `append` from the optimiser.
      try plan.onWorker { () throws(Failure) in try cut(&best) }
      start = end
    }
    return best.kept
  }

  @_alwaysEmitIntoClient
  @inline(__always)
  func bestOfBlocks(
    _ count: Int, _ bar: Element?, _ blocks: ReductionBlocks,
    append: @escaping (Element, inout BestElements<Element>) throws(Failure) -> Bool,
    cut: @escaping (inout BestElements<Element>) throws(Failure) -> Void
  ) throws(Failure) -> BestElements<Element>? {
    try reduceBlocks(
      blocks, start: { BestElements(limit: count, bar: bar) }, fold: append,
      combine: { (left, right) throws(Failure) in
        left.kept.append(contentsOf: right.kept)
        if left.kept.count / 2 >= count { try cut(&left) }
      })
  }
}

extension ParallelSequence where Element: Sendable {
  /// Returns the smallest `count` elements by an order, sorted; all of them if there are fewer.
  ///
  ///     let cheapest = offers.parallel.min(count: 10) { $0.price < $1.price }
  ///
  /// Stable: the result is the beginning of the sequence sorted by the order, with equal elements in their original
  /// order.
  ///
  /// - Parameters:
  ///   - count: How many elements are wanted.
  ///   - areInIncreasingOrder: A strict weak ordering.
  /// - Throws: An error of the first block of a fixed division in which a closure throws, the same at every number of
  ///   threads.
  /// - Precondition: `count` is at least 0.
  /// - Complexity: Work O(*n* log *k*) comparisons, about *n* if *k* is small and the elements come in random order; span O(*k* log *n*)
  ///   and a block. Scratch: at most 512 *k* elements, and at most 2 *n*.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func min(
    count: Int, sortedBy areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Failure) -> [Element] {
    try best(
      count, toLast: false,
      append: { (element, best) throws(Failure) in
        best.append(element, toLast: false, areInIncreasingOrder)
        return true
      }, cut: { (best) throws(Failure) in best.cut(toLast: false, areInIncreasingOrder) })
  }

  /// Like `min(count:sortedBy:)`, with an order that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func min<E>(
    count: Int, sortedBy areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] where Failure == Never {
    try mayThrow(E.self).best(
      count, toLast: false,
      append: { (element, best) throws(E) in
        try best.append(element, toLast: false, areInIncreasingOrder)
        return true
      }, cut: { (best) throws(E) in try best.cut(toLast: false, areInIncreasingOrder) })
  }

  /// Returns the largest `count` elements by an order, sorted; all of them if there are fewer.
  ///
  /// Stable: the result is the end of the sequence sorted by the order, with equal elements in their original order.
  /// Otherwise like `min(count:sortedBy:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func max(
    count: Int, sortedBy areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Failure) -> [Element] {
    try best(
      count, toLast: true,
      append: { (element, best) throws(Failure) in
        best.append(element, toLast: true, areInIncreasingOrder)
        return true
      }, cut: { (best) throws(Failure) in best.cut(toLast: true, areInIncreasingOrder) })
  }

  /// Like `max(count:sortedBy:)`, with an order that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func max<E>(
    count: Int, sortedBy areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] where Failure == Never {
    try mayThrow(E.self).best(
      count, toLast: true,
      append: { (element, best) throws(E) in
        try best.append(element, toLast: true, areInIncreasingOrder)
        return true
      }, cut: { (best) throws(E) in try best.cut(toLast: true, areInIncreasingOrder) })
  }
}

extension ParallelSequence where Element: Comparable & Sendable {
  /// Returns the smallest `count` elements, sorted; all of them if there are fewer.
  ///
  /// Like `min(count:sortedBy:)` with `<`: the beginning of the result of `sorted()`, with floating-point NaNs last
  /// (see <doc:Sorting>).
  @_alwaysEmitIntoClient
  @inline(__always)
  public func min(count: Int) throws(Failure) -> [Element] {
    if hasNaNs(Element.self) { return try min(count: count) { precedesNumbersFirst($0, $1) } }
    return try min(count: count) { $0 < $1 }
  }

  /// Returns the largest `count` elements, sorted; all of them if there are fewer.
  ///
  /// Like `max(count:sortedBy:)` with `<`: the end of the result of `sorted()`, with floating-point NaNs last (see
  /// <doc:Sorting>).
  @_alwaysEmitIntoClient
  @inline(__always)
  public func max(count: Int) throws(Failure) -> [Element] {
    if hasNaNs(Element.self) { return try max(count: count) { precedesNumbersFirst($0, $1) } }
    return try max(count: count) { $0 < $1 }
  }
}
