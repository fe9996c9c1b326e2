// Values by key: what `grouped(by:)`, `counts()` and dictionaries of pairs with equal keys are made by.
//
// Each piece of a loop folds its elements into a table of its own, as long as many of them have the same keys. A piece whose keys turn out
// distinct gathers pairs from then on: its table would be the whole result, to be merged on one thread. Few pairs are merged on the calling
// thread. Many are dealt out to buckets by the hash values of their keys, each bucket is folded by itself, in parallel, and the
// calling thread inserts what has come of them in the order of the table.
//
// Work O(n) insertions; span O(log n) and as many insertions as there are distinct keys, and the longest bucket.

/// The values of some neighbouring elements by key, and further ones that have not been folded.
@usableFromInline
struct KeyedPiece<Key: Hashable, Value> {
  @usableFromInline var table: [Key: Value] = [:]
  @usableFromInline var rest: [(Key, Value)] = []
  @usableFromInline var seen = 0
  /// How many distinct keys there may be until it asks again whether most are equal; zero once they were not.
  @usableFromInline var limit: Int

  /// - Parameter mayGiveUp: Whether other pieces may come that this one's table would have to be merged with.
  @inlinable
  init(mayGiveUp: Bool) { limit = mayGiveUp ? 4096 : .max }

  /// Takes an element in.
  /// - Parameters:
  ///   - update: Given the value of the key, or nil if it has none yet; it leaves one.
  ///   - start: Makes a value of the element alone.
  @inlinable
  @inline(__always)
  mutating func add(_ key: Key, update: (inout Value?) -> Void, start: () -> Value) {
    seen &+= 1
    if _slowPath(table.count >= limit && !isWorthFolding()) {
      rest.append((key, start()))
    } else {
      withSlot(&table[key], update)
    }
  }

  /// Asks, with a full table, whether elements have had the same keys often enough.
  @inlinable
  @inline(never)
  mutating func isWorthFolding() -> Bool {
    guard limit > 0, seen / 4 >= limit else {
      limit = 0
      return false
    }
    limit *= 2
    return true
  }

  /// The pairs in order, where the first of a key comes before all others of it.
  @inlinable
  var lists: [[(Key, Value)]] { table.isEmpty ? [rest] : [table.map { ($0.key, $0.value) }, rest] }
}

/// Calls `body` with the value in a slot of a dictionary, which it may change in place.
@inlinable
@inline(__always)
func withSlot<Value>(_ slot: inout Value?, _ body: (inout Value?) -> Void) { body(&slot) }

/// The values of neighbouring pieces by key.
/// - Parameter combine: Takes the value of elements on the right into that of elements on the left.
@inlinable
func united<Key: Hashable, Value>(
  _ pieces: consuming [KeyedPiece<Key, Value>], plan: LoopPlan, _ combine: (inout Value, Value) -> Void
) -> [Key: Value] {
  guard let first = pieces.first else { return [:] }
  var lists = pieces.dropFirst().flatMap(\.lists)
  lists.insert(first.rest, at: 0)
  var table = first.table
  // Values that lie in one place only are changed there.
  pieces = []
  let count = lists.reduce(0) { $0 + $1.count }
  guard count >= 1 << 16 else {
    for list in lists { for (key, value) in list { table.combine(value, for: key, combine) } }
    return table
  }
  lists.insert(table.map { ($0.key, $0.value) }, at: 0)
  table = [:]
  return foldPairs(lists, plan: plan, combine)
}

extension Dictionary {
  /// Combines a value with that of its key, if there is one.
  @inlinable
  @inline(__always)
  mutating func combine(_ value: Value, for key: Key, _ combine: (inout Value, Value) -> Void) {
    withSlot(&self[key]) { slot in
      if slot != nil { combine(&slot!, value) } else { slot = value }
    }
  }
}

/// The values of pairs by key, combined in the order of the pairs, from the first one of each key on.
@inlinable
func foldPairs<Key: Hashable, Value>(
  _ lists: [[(Key, Value)]], plan: LoopPlan, _ combine: (inout Value, Value) -> Void
) -> [Key: Value] {
  let order = HashOrder(count: lists.reduce(0) { $0 + $1.count })
  var folded: [[(Key, Value)]] = Array(repeating: [], count: order.bucketCount)
  withBuckets(
    lists, bucketCount: order.bucketCount, plan: LoopPlan(pool: plan.pool), bucket: { order.bucket(of: $0.0) }
  ) { pairs in
    unsafe folded.withUnsafeMutableBufferPointer { folded in
      let folded = folded.baseAddress!
      forEachPart(0..<order.bucketCount) { bucket in
        var table: [Key: Value] = [:]
        for place in pairs.range(of: bucket) {
          let (key, value) = pairs.move(place)
          table.combine(value, for: key, combine)
        }
        unsafe folded[bucket] = table.map { ($0.key, $0.value) }
      }
    }
  }
  let count = folded.reduce(0) { $0 + $1.count }
  var result: [Key: Value] = Dictionary(minimumCapacity: count)
  let final = HashOrder(of: result, hasValues: true, inserting: count)
  insertEach(of: folded, in: final, plan: plan, key: { $0.0 }) { result[$0.0] = $0.1 }
  return result
}
