extension ParallelSequence where Element: Sendable {
  /// Returns the elements grouped by a key: for each key, an array of its elements in order.
  ///
  /// Each thread fills a table of its own, as long as many elements have the same key; then the groups are put
  /// together.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, as many insertions as there are distinct keys, and the
  ///   length of the longest group.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func grouped<Key: Hashable & Sendable>(
    by keyForValue: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> [Key: [Element]] {
    try map { (keyForValue($0), $0) }.groupPairs()
  }

  /// Like `grouped(by:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func grouped<Key: Hashable & Sendable, E>(
    by keyForValue: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> [Key: [Element]] where Failure == Never {
    try map { (element) throws(E) in (try keyForValue(element), element) }.groupPairs()
  }

  /// Returns a dictionary of the elements by a key; of several elements with the same key, it has the last one.
  ///
  /// The threads compute the keys and hash them; the calling thread inserts the elements in the order of the hash
  /// table's buckets, which is faster than any other order.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, and *n* insertions.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func keyed<Key: Hashable & Sendable>(
    by keyForValue: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> [Key: Element] {
    try map { (keyForValue($0), $0) }.keyPairs()
  }

  /// Like `keyed(by:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func keyed<Key: Hashable & Sendable, E>(
    by keyForValue: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> [Key: Element] where Failure == Never {
    try map { (element) throws(E) in (try keyForValue(element), element) }.keyPairs()
  }
}

extension Dictionary where Key: Sendable {
  /// Creates a dictionary of the elements of a parallel sequence, grouped by a key; otherwise like `grouped(by:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(
    grouping values: borrowing P, by keyForValue: @escaping @Sendable (P.Element) -> Key
  ) throws(P.Failure) where Value == [P.Element], P.Element: Sendable {
    self = try values.grouped(by: keyForValue)
  }

  /// Like `init(grouping:by:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public init<P: ParallelSequence, E>(
    grouping values: borrowing P, by keyForValue: @escaping @Sendable (P.Element) throws(E) -> Key
  ) throws(E) where Value == [P.Element], P.Element: Sendable, P.Failure == Never {
    self = try values.grouped(by: keyForValue)
  }
}

/// Adds an element to a group. (`group?.append` would test each time whether there is one.)
@inlinable
@inline(__always)
func add<Element>(_ element: consuming Element, to group: inout [Element]?) {
  if group != nil { group!.append(element) } else { group = [element] }
}

/// An element of a group, or several of them.
@usableFromInline
enum GroupItem<Element> {
  case one(Element)
  case several([Element])
}

extension ParallelSequence {
  /// Folds the second parts of pairs that have equal first parts.
  @_alwaysEmitIntoClient
  @inline(__always)
  func foldByKey<Key: Hashable & Sendable, Source, Item, Value>(
    _ fold: KeyedFold<Key, Item, Value>, item: @escaping (Source) -> Item
  ) throws(Failure) -> [Key: Value] where Element == (Key, Source) {
    let mayGiveUp = !isFoldedAsOne(keys: Key.self)
    let pieces = try reducePieces(
      start: { [knownCount, isRunAsOne] _ in
        KeyedPiece<Key, Item, Value>(count: knownCount, mayGiveUp: mayGiveUp, isOnly: isRunAsOne)
      },
      fold: { (pair, piece) throws(Failure) in
        piece.add(pair.0, item(pair.1), fold)
        return true
      }, combine: nil)
    return united(pieces, plan: plan, fold)
  }

  @_alwaysEmitIntoClient
  @inline(__always)
  func groupPairs<Key: Hashable & Sendable, Value: Sendable>() throws(Failure) -> [Key: [Value]]
  where Element == (Key, Value) {
    if isRunAsOne {
      return try reducePieces(
        start: { _ in [:] as [Key: [Value]] },
        fold: { (pair, table) throws(Failure) in
          add(pair.1, to: &table[pair.0])
          return true
        }, combine: nil
      ).first ?? [:]
    }
    let fold = KeyedFold<Key, GroupItem<Value>, [Value]>(
      take: { group, item in
        switch consume item {
        case .one(let element): add(element, to: &group)
        case .several(let elements): if group != nil { group!.append(contentsOf: elements) } else { group = elements }
        }
      }, item: { .several($0) })
    return try foldByKey(fold, item: { .one($0) })
  }

  @_alwaysEmitIntoClient
  @inline(__always)
  func keyPairs<Key: Hashable & Sendable, Value: Sendable>() throws(Failure) -> [Key: Value]
  where Element == (Key, Value) {
    if isFoldedAsOne(keys: Key.self) {
      return try reducePieces(
        start: { [tableCapacity] _ in [Key: Value](minimumCapacity: tableCapacity) },
        fold: { (pair, table) throws(Failure) in
          table[pair.0] = pair.1
          return true
        }, combine: nil
      ).first ?? [:]
    }
    return Dictionary(lastOf: try [(Key, Value)](self), plan: plan)
  }
}

extension Dictionary {
  /// The pairs of an array; of those with equal keys, the last one.
  @inlinable
  init(lastOf pairs: [(Key, Value)], plan: LoopPlan) {
    self.init(minimumCapacity: pairs.count)
    let order = HashOrder(of: self, hasValues: true, keys: Key.self, inserting: pairs.count)
    insertEach(of: [pairs], in: order, plan: plan, key: { $0.0 }) { self[$0.0] = $0.1 }
  }
}
