extension ParallelSequence where Element: Sendable {
  /// Returns one value for each key: the values of all its elements, combined with an associative operation in the
  /// order of the elements.
  ///
  ///     let revenue = sales.parallel.grouped(by: { $0.city }, reducing: { $0.amount }, combine: +)
  ///
  /// No group is ever kept as an array. A table is made for each of some blocks of elements, and tables of neighbours are
  /// united as soon as possible, unless they are large and have few keys in common. How the values of a key are
  /// associated depends on the elements alone (and the minimum batch), so floating-point sums have the same bits at every
  /// number of threads, as those of `reduce(_:)`. So where keys come again only after hundreds of thousands of others, there
  /// is memory for all elements until the end.
  ///
  /// - Parameters:
  ///   - keyForValue: The key of an element.
  ///   - value: What an element contributes.
  ///   - combine: An associative operation.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, and as many insertions as there are distinct keys.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func grouped<Key: Hashable & Sendable, Value: Sendable>(
    by keyForValue: @escaping @Sendable (Element) -> Key, reducing value: @escaping @Sendable (Element) -> Value,
    combine: @escaping @Sendable (Value, Value) -> Value
  ) throws(Failure) -> [Key: Value] {
    try map { (keyForValue($0), value($0)) }.reducePairs(combine)
  }

  /// Like `grouped(by:reducing:combine:)`, with a key that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func grouped<Key: Hashable & Sendable, Value: Sendable, E>(
    by keyForValue: @escaping @Sendable (Element) throws(E) -> Key,
    reducing value: @escaping @Sendable (Element) -> Value,
    combine: @escaping @Sendable (Value, Value) -> Value
  ) throws(E) -> [Key: Value] where Failure == Never {
    try map { (element) throws(E) in (try keyForValue(element), value(element)) }.reducePairs(combine)
  }

  @_alwaysEmitIntoClient
  @inline(__always)
  func reducePairs<Key: Hashable & Sendable, Value: Sendable>(
    _ combine: @escaping @Sendable (Value, Value) -> Value
  ) throws(Failure) -> [Key: Value] where Element == (Key, Value) {
    // Few blocks, since each has a table of its own.
    let blocks =
      Self.isSupplied
      ? ReductionBlocks(growingTo: 4096)
      : ReductionBlocks(
        positionCount: positionCount, minimumBatch: plan.minimumBatch, pieces: 64, largest: .max / 1024)
    let fold = KeyedFold<Key, Value, Value>(combine)
    let capacity = TableCapacity()
    let values = try reduceBlocks(
      blocks,
      start: {
        // Where blocks are small and many, a list of all elements would take too much memory.
        KeyedBlocks<Key, Value, Value>(
          blockSize: blocks.size, mayGiveUp: !Self.isSupplied && blocks.count > 1, capacity: capacity.number)
      },
      fold: { (pair, values) throws(Failure) in
        values.first.add(pair.0, pair.1, fold)
        return true
      },
      combine: { (left, right) throws(Failure) in
        capacity.number = right.first.table.count
        left.append(right, fold)
      })
    return united(values?.pieces ?? [], plan: plan, fold)
  }
}

extension ParallelSequence where Element: Hashable & Sendable {
  /// Returns how often each element occurs.
  ///
  ///     let frequencies = text.parallel.words().map { $0.lowercased() }.counts()
  ///
  /// If the elements belong to numbered bins, `histogram(ofCount:by:)` needs no table.
  /// Of a plain sequence with hundreds of thousands of distinct elements it keeps up to a pair for each element until the
  /// end; `grouped(by:reducing:combine:)` keeps less, and takes longer.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, and as many insertions as there are distinct elements.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func counts() throws(Failure) -> [Element: Int] {
    try map { ($0, 1) }.foldByKey(KeyedFold<Element, Int, Int> { $0 &+ $1 }, item: { $0 })
  }
}
