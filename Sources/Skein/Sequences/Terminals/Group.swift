extension ParallelSequence where Element: Sendable {
  /// The elements by a key of each: an array for each key, whose elements are in order.
  ///
  /// Each thread fills a table of its own; then the groups are put together.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, as many insertions as there are distinct keys, and the
  ///   length of the longest group.
  @inlinable
  @inline(__always)
  public func grouped<Key: Hashable & Sendable>(
    by keyForValue: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> [Key: [Element]] {
    try map { (keyForValue($0), $0) }.groupPairs()
  }

  /// As `grouped(by:)`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func grouped<Key: Hashable & Sendable, E>(
    by keyForValue: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> [Key: [Element]] where Failure == Never {
    try map { (element) throws(E) in (try keyForValue(element), element) }.groupPairs()
  }

  /// The elements by a key of each; of several with the same key, the last one.
  ///
  /// The threads compute the keys; nobody but the calling one can put all elements into one table.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, and *n* insertions.
  @inlinable
  @inline(__always)
  public func keyed<Key: Hashable & Sendable>(
    by keyForValue: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> [Key: Element] {
    try map { (keyForValue($0), $0) }.keyPairs()
  }

  /// As `keyed(by:)`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func keyed<Key: Hashable & Sendable, E>(
    by keyForValue: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> [Key: Element] where Failure == Never {
    try map { (element) throws(E) in (try keyForValue(element), element) }.keyPairs()
  }
}

extension Dictionary where Key: Sendable {
  /// The elements of a parallel sequence by a key of each; otherwise as `grouped(by:)`.
  @inlinable
  @inline(__always)
  public init<P: ParallelSequence>(
    grouping values: borrowing P, by keyForValue: @escaping @Sendable (P.Element) -> Key
  ) throws(P.Failure) where Value == [P.Element], P.Element: Sendable {
    self = try values.grouped(by: keyForValue)
  }

  /// As `init(grouping:by:)`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public init<P: ParallelSequence, E>(
    grouping values: borrowing P, by keyForValue: @escaping @Sendable (P.Element) throws(E) -> Key
  ) throws(E) where Value == [P.Element], P.Element: Sendable, P.Failure == Never {
    self = try values.grouped(by: keyForValue)
  }
}

extension ParallelSequence {
  @inlinable
  @inline(__always)
  func groupPairs<Key: Hashable & Sendable, Value: Sendable>() throws(Failure) -> [Key: [Value]]
  where Element == (Key, Value) {
    try reducePieces(
      start: { _ in [:] as [Key: [Value]] },
      fold: { (pair, table) throws(Failure) in
        table[pair.0, default: []].append(pair.1)
        return true
      },
      combine: { (left, right) throws(Failure) in left.appendGroups(right) }
    ).first ?? [:]
  }

  @inlinable
  @inline(__always)
  func keyPairs<Key: Hashable & Sendable, Value: Sendable>() throws(Failure) -> [Key: Value]
  where Element == (Key, Value) {
    if isRunAsOne {
      return try reducePieces(
        start: { _ in [:] as [Key: Value] },
        fold: { (pair, table) throws(Failure) in
          table[pair.0] = pair.1
          return true
        }, combine: nil
      ).first ?? [:]
    }
    return Dictionary(lastOf: try [(Key, Value)](self))
  }
}

extension Dictionary {
  /// The pairs of an array; of those with equal keys, the last one.
  @inlinable
  init(lastOf pairs: [(Key, Value)]) {
    self.init(minimumCapacity: pairs.count)
    for (key, value) in pairs { self[key] = value }
  }
}
