extension Dictionary where Key: Sendable, Value: Sendable {
  /// A dictionary of the pairs of a parallel sequence, whose keys are distinct.
  ///
  /// The threads make the pairs; nobody but the calling one can put all of them into one table.
  /// - Precondition: No two keys are equal.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*); span O(log *n*), the longest of the calls, and *n* insertions.
  @inlinable
  @inline(__always)
  public init<P: ParallelSequence>(uniqueKeysWithValues keysAndValues: borrowing P) throws(P.Failure)
  where P.Element == (Key, Value) {
    let table =
      if keysAndValues.isRunAsOne {
        try keysAndValues.reducePieces(
          start: { [capacity = keysAndValues.knownCount ?? 0] _ in UniqueTable<Key, Value>(capacity: capacity) },
          fold: { (pair, table) throws(P.Failure) in
            table.insert(pair.1, for: pair.0)
            return true
          }, combine: nil
        ).first
      } else {
        UniqueTable(try [(Key, Value)](keysAndValues))
      }
    if let duplicate = table?.duplicate { fatal("two values have the key \(duplicate)") }
    self = table?.table ?? [:]
  }

  /// A dictionary of the pairs of a parallel sequence, where a closure makes one value of two with the same key.
  ///
  /// The values of a key are combined in their order, from the first on, as the sequential loop does it. So the closure need be neither
  /// associative nor exact. Where there are several threads, that takes memory for all values until the end.
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions and calls; span O(log *n*), as many insertions as there are distinct keys, and the longest of the calls, or
  ///   as many calls of `combine` as a key has values.
  @inlinable
  @inline(__always)
  public init<P: ParallelSequence>(
    _ keysAndValues: borrowing P, uniquingKeysWith combine: @escaping @Sendable (Value, Value) -> Value
  ) throws(P.Failure) where P.Element == (Key, Value) {
    if keysAndValues.isRunAsOne {
      self =
        try keysAndValues.reducePieces(
          start: { _ in [:] as [Key: Value] },
          fold: { (pair, table) throws(P.Failure) in
            table.fold(pair.1, for: pair.0, combine)
            return true
          }, combine: nil
        ).first ?? [:]
      return
    }
    let groups = [(key: Key, value: [Value])](
      try keysAndValues.reducePieces(
        start: { _ in [:] as [Key: [Value]] },
        fold: { (pair, table) throws(P.Failure) in
          table[pair.0, default: []].append(pair.1)
          return true
        },
        combine: { (left, right) throws(P.Failure) in left.appendGroups(right) }
      ).first ?? [:])
    let values = [Value](
      groups.parallel(in: keysAndValues.plan.pool).map { group in
        group.value.dropFirst().reduce(group.value[0], combine)
      })
    self.init(minimumCapacity: groups.count)
    for (group, value) in Swift.zip(groups, values) { self[group.key] = value }
  }

  /// As `init(_:uniquingKeysWith:)`, with a closure that may throw. The pairs are made in parallel, and combined by the calling thread.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public init<P: ParallelSequence, E>(
    _ keysAndValues: borrowing P, uniquingKeysWith combine: (Value, Value) throws(E) -> Value
  ) throws(E) where P.Element == (Key, Value), P.Failure == Never {
    self = [:]
    for (key, value) in [(Key, Value)](keysAndValues) {
      if let known = self[key] { self[key] = try combine(known, value) } else { self[key] = value }
    }
  }

  /// Combines a value with that of its key, if there is one.
  @inlinable
  @inline(__always)
  mutating func fold(_ value: Value, for key: Key, _ combine: (Value, Value) -> Value) {
    withSlot(&self[key]) { slot in slot = if let known = slot { combine(known, value) } else { value } }
  }

  @inlinable
  @inline(__always)
  func withSlot(_ slot: inout Value?, _ body: (inout Value?) -> Void) { body(&slot) }

  /// Appends the values of the groups of a dictionary that stands behind this one.
  @inlinable
  mutating func appendGroups<Element>(_ right: consuming Dictionary) where Value == [Element] {
    if isEmpty {
      self = right
      return
    }
    for (key, elements) in right {
      if let index = index(forKey: key) { values[index].append(contentsOf: elements) } else { self[key] = elements }
    }
  }
}

/// A table of distinct keys, and a key that was not, if there was one.
@usableFromInline
struct UniqueTable<Key: Hashable, Value> {
  @usableFromInline var table: [Key: Value]
  @usableFromInline var duplicate: Key?

  @inlinable
  init(capacity: Int) { table = Dictionary(minimumCapacity: capacity) }

  @inlinable
  @inline(__always)
  mutating func insert(_ value: Value, for key: Key) {
    if _slowPath(table.updateValue(value, forKey: key) != nil) { duplicate = duplicate ?? key }
  }

  @inlinable
  init(_ pairs: [(Key, Value)]) {
    self.init(capacity: pairs.count)
    for (key, value) in pairs { insert(value, for: key) }
  }
}
