// Work O(n log k) comparisons, about n + k log² n of them if the elements come in random order; span O(log n) merges of k elements and
// two blocks. Scratch: 2k elements for each of at most 256 blocks. Stable.
//
// Each block of a fixed division keeps its best k in a buffer of 2k, which is sorted and cut when it is full. Most elements
// are compared once, with the worst of those that are kept. Neighbouring blocks are combined in a fixed tree, so the comparisons, and
// what they throw, are the same at every number of threads.
//
// A block would begin with k elements that it must keep, for want of any better. So a sixteenth of all goes first, of that another
// sixteenth, and so on, and all blocks of the rest begin with the worst of what has been found by then.

/// The first or the last `limit` of some elements by an order.
@usableFromInline
struct BestElements<Element> {
  /// In order up to the last cut; then as they came.
  @usableFromInline var kept: [Element] = []
  /// The worst that is kept, once there are enough.
  @usableFromInline var bar: Element?
  @usableFromInline let limit: Int

  @inlinable
  init(limit: Int, bar: Element?) {
    self.limit = limit
    self.bar = bar
  }

  /// Sorts what is kept, and cuts it to the first `limit`, or to the last. Called on a worker.
  @inlinable
  @inline(__always)
  mutating func cut<E: Error>(
    toLast: Bool, _ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) {
    // Those that came earlier stand before those that came later, and the sort is stable.
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
    // Among equal elements the first one stays, or for the largest the last one.
    if let bar {
      if try toLast ? areInIncreasingOrder(element, bar) : !areInIncreasingOrder(element, bar) { return }
    }
    kept.append(element)
    if kept.count / 2 >= limit { try cut(toLast: toLast, areInIncreasingOrder) }
  }
}

extension ParallelSequence where Element: Sendable {
  @inlinable
  @inline(__always)
  func best(
    _ count: Int, toLast: Bool, append: @escaping (Element, inout BestElements<Element>) throws(Failure) -> Bool,
    cut: @escaping (inout BestElements<Element>) throws(Failure) -> Void
  ) throws(Failure) -> [Element] {
    require(count >= 0, "the number of elements wanted is at least 0, not \(count)")
    if count == 0 { return [] }
    var ends = [positionCount]
    while let first = ends.last, first / 256 > Swift.max(16, count) { ends.append(first / 16) }
    var best = BestElements<Element>(limit: count, bar: nil)
    var start = 0
    for end in ends.reversed() where start < end {
      let part = PositionRange(self, start..<end)
      let pieces = start == 0 && ends.count > 1 ? 8 : 32
      guard let next = try part.bestOfBlocks(count, best.bar, pieces, append: append, cut: cut) else { break }
      best.kept.append(contentsOf: next.kept)
      // Its own entry into the pool: a closure around all of this would hide `append` from the optimiser.
      try plan.onWorker { () throws(Failure) in try cut(&best) }
      start = end
    }
    return best.kept
  }

  @inlinable
  @inline(__always)
  func bestOfBlocks(
    _ count: Int, _ bar: Element?, _ pieces: Int,
    append: @escaping (Element, inout BestElements<Element>) throws(Failure) -> Bool,
    cut: @escaping (inout BestElements<Element>) throws(Failure) -> Void
  ) throws(Failure) -> BestElements<Element>? {
    // Blocks that are large against `count`, so that most of their elements are passed over; but not too few of them.
    let least = Swift.min(count > 1 << 40 ? count : count * 256, positionCount / pieces)
    let blocks = ReductionBlocks(
      positionCount: positionCount, minimumBatch: Swift.max(plan.minimumBatch, least), pieces: 256, largest: .max / 1024
    )
    return try reduceBlocks(
      blocks, start: { BestElements(limit: count, bar: bar) }, fold: append,
      combine: { (left, right) throws(Failure) in
        left.kept.append(contentsOf: right.kept)
        if left.kept.count / 2 >= count { try cut(&left) }
      })
  }
}

extension ParallelSequence where Element: Sendable {
  /// The smallest `count` elements by an order, sorted; all of them if there are fewer.
  ///
  ///     let cheapest = offers.parallel.min(count: 10) { $0.price < $1.price }
  ///
  /// Stable: the answer is the beginning of the sequence sorted by the order, equal elements in the order in which they came.
  ///
  /// - Parameters:
  ///   - count: How many elements are wanted.
  ///   - areInIncreasingOrder: A strict weak ordering.
  /// - Throws: The error of the first of the fixed blocks of elements in which a closure throws, the same at every number of threads.
  /// - Precondition: `count` is at least 0.
  /// - Complexity: Work O(*n* log *k*) comparisons, about *n* if *k* is small and the elements come in random order; span O(*k* log *n*)
  ///   and a block. Scratch: at most 512 *k* elements, and at most 2 *n*.
  @inlinable
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

  /// As `min(count:sortedBy:)`, with an order that may throw.
  @inlinable
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

  /// The largest `count` elements by an order, sorted; all of them if there are fewer.
  ///
  /// Stable: the answer is the end of the sequence sorted by the order, equal elements in the order in which they came. Otherwise as
  /// `min(count:sortedBy:)`.
  @inlinable
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

  /// As `max(count:sortedBy:)`, with an order that may throw.
  @inlinable
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
  /// The smallest `count` elements, sorted; all of them if there are fewer. As `min(count:sortedBy:)` with `<`: the beginning of what
  /// `sorted()` gives, with floating-point values that are not numbers last (see <doc:Sorting>).
  @inlinable
  @inline(__always)
  public func min(count: Int) throws(Failure) -> [Element] {
    if hasNaNs(Element.self) { return try min(count: count) { precedesNumbersFirst($0, $1) } }
    return try min(count: count) { $0 < $1 }
  }

  /// The largest `count` elements, sorted; all of them if there are fewer. As `max(count:sortedBy:)` with `<`: the end of what
  /// `sorted()` gives, with floating-point values that are not numbers last (see <doc:Sorting>).
  @inlinable
  @inline(__always)
  public func max(count: Int) throws(Failure) -> [Element] {
    if hasNaNs(Element.self) { return try max(count: count) { precedesNumbersFirst($0, $1) } }
    return try max(count: count) { $0 < $1 }
  }
}
