extension Dictionary where Key: Sendable, Value: Sendable {
  /// Creates a dictionary from the key–value pairs of a parallel sequence, whose keys are distinct.
  ///
  /// The threads make the pairs and hash their keys; the calling thread inserts them in the order of the hash table's
  /// buckets, which is faster than any other order.
  /// - Precondition: No two keys are equal.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*); span O(log *n*), the longest of the calls, and *n* insertions.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(uniqueKeysWithValues keysAndValues: borrowing P) throws(P.Failure)
  where P.Element == (Key, Value) {
    let table =
      if keysAndValues.isFoldedAsOne(keys: Key.self) {
        try keysAndValues.reducePieces(
          start: { [capacity = keysAndValues.knownCount ?? 0] _ in UniqueTable<Key, Value>(capacity: capacity) },
          fold: { (pair, table) throws(P.Failure) in
            table.insert(pair.1, for: pair.0)
            return true
          }, combine: nil
        ).first
      } else {
        UniqueTable(try [(Key, Value)](keysAndValues), plan: keysAndValues.plan)
      }
    if let duplicate = table?.duplicate { fatal("two values have the key \(duplicate)") }
    self = table?.table ?? [:]
  }

  /// Creates a dictionary from the key–value pairs of a parallel sequence; a closure combines the values of equal keys.
  ///
  /// The values of a key are combined in order, from the first on, as in the sequential loop. So the closure need be
  /// neither associative nor exact. With several threads, that takes memory for all values until the end.
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions and calls; span O(log *n*), as many insertions as there are distinct keys,
  ///   and the longest of the calls, or as many calls of `combine` as a key has values.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(
    _ keysAndValues: borrowing P, uniquingKeysWith combine: @escaping @Sendable (Value, Value) -> Value
  ) throws(P.Failure) where P.Element == (Key, Value) {
    let fold = KeyedFold<Key, Value, Value>(combine)
    if keysAndValues.isRunAsOne {
      self =
        try keysAndValues.reducePieces(
          start: { [capacity = keysAndValues.tableCapacity] _ in [Key: Value](minimumCapacity: capacity) },
          fold: { (pair, table) throws(P.Failure) in
            table.take(pair.1, for: pair.0, fold.take)
            return true
          }, combine: nil
        ).first ?? [:]
    } else {
      self = foldPairs([try [(Key, Value)](keysAndValues)], plan: keysAndValues.plan, fold)
    }
  }

  /// Adds the key–value pairs of a parallel sequence; a closure combines the values of equal keys, in order, from the one
  /// that the dictionary has on.
  ///
  /// The pairs are made in parallel; the calling thread adds them.
  /// - Throws: The error of the first element in order whose closures throw; then nothing has been added.
  /// - Complexity: Work and span O(*n*) insertions.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func merge<P: ParallelSequence>(
    _ keysAndValues: borrowing P, uniquingKeysWith combine: (Value, Value) -> Value
  ) throws(P.Failure) where P.Element == (Key, Value) {
    merge(try [(Key, Value)](keysAndValues), uniquingKeysWith: combine)
  }

  /// Like `init(_:uniquingKeysWith:)`, with a closure that may throw. The pairs are made in parallel, but combined by
  /// the calling thread.
  @_alwaysEmitIntoClient
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
}

/// A table of distinct keys, and a key that occurs more than once, if there is one.
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
  init(_ pairs: [(Key, Value)], plan: LoopPlan) {
    self.init(capacity: pairs.count)
    let order = HashOrder(of: table, hasValues: true, keys: Key.self, inserting: pairs.count)
    insertEach(of: [pairs], in: order, plan: plan, key: { $0.0 }) { insert($0.1, for: $0.0) }
  }
}
