internal import Synchronization

// Folding by key: the basis of `grouped(by:)`, `counts()` and dictionaries of pairs with equal keys.
//
// Each piece of a loop, or each of a fixed number of blocks where it matters what is folded with what, folds its
// elements into a table of its own, as long as some of them have the same keys. A piece whose keys turn out distinct
// just gathers elements from then on: its table would be the whole result, to be merged on one thread. When it has many
// times as many as its table, it folds those, and considers again: so it takes no more memory than its keys do. Few pairs are
// merged on the calling thread. Many are scattered to buckets by the hash values of their keys, each bucket is folded by
// itself, in parallel, and the calling thread inserts the results in the order of the hash table's buckets.
//
// Work O(n) insertions; span O(log n) and as many insertions as there are distinct keys, and the longest bucket.

/// How elements are folded into the value of their key.
@usableFromInline
struct KeyedFold<Key: Hashable, Item, Value> {
  /// Adds an item to the value of its key; the value is nil if there is none yet, and is then set.
  @usableFromInline let take: (inout Value?, consuming Item) -> Void
  /// Makes an item from the value of some elements, to be added to the value of those before them.
  @usableFromInline let item: (Value) -> Item

  @inlinable
  init(take: @escaping (inout Value?, consuming Item) -> Void, item: @escaping (Value) -> Item) {
    self.take = take
    self.item = item
  }
}

extension KeyedFold where Item == Value {
  /// Creates a fold that combines the values of a key.
  @inlinable
  init(_ combine: @escaping (Value, Value) -> Value) {
    self.init(take: { (known, value) in known = if let known { combine(known, value) } else { value } }, item: { $0 })
  }
}

/// The values of some neighbouring elements by key, and further items that have not been folded.
@usableFromInline
struct KeyedPiece<Key: Hashable, Item, Value> {
  @usableFromInline var table: [Key: Value] = [:]
  @usableFromInline var rest: [(Key, Item)] = []
  @usableFromInline var giveUp: TableLimit

  /// - Parameters:
  ///   - count: The number of elements of all pieces, if it is known.
  ///   - mayGiveUp: Whether it may stop filling its table.
  ///   - isOnly: Whether there are no other pieces, with which this one's table would have to be merged.
  @inlinable
  init(count: Int?, mayGiveUp: Bool, isOnly: Bool = false) {
    giveUp = TableLimit(count: count, mayGiveUp: mayGiveUp, isOnly: isOnly)
  }

  @inlinable
  @inline(__always)
  mutating func add(_ key: Key, _ item: consuming Item, _ fold: KeyedFold<Key, Item, Value>) {
    if giveUp.isReached(by: table.count) {
      rest.append((key, item))
      if _slowPath(rest.count >= giveUp.mostGathered) { foldRest(fold) }
    } else {
      table.take(item, for: key, fold.take)
    }
  }

  @inlinable
  @inline(never)
  mutating func foldRest(_ fold: KeyedFold<Key, Item, Value>) {
    let known = table.count
    let gathered = rest
    rest = []
    table.take([gathered], fold.take)
    giveUp.consider(new: table.count - known, of: gathered.count, tableCount: table.count)
  }
}

/// About how many keys a block of a loop has.
@usableFromInline
final class TableCapacity: Sendable {
  private let last = Atomic<Int>(0)

  @usableFromInline
  init() {}

  // Relaxed: it decides nothing but how often tables grow.
  @usableFromInline var number: Int {
    get { last.load(ordering: .relaxed) }
    set { last.store(newValue, ordering: .relaxed) }
  }
}

/// The values of some neighbouring blocks of elements by key. What is folded with what depends on the blocks alone.
@usableFromInline
struct KeyedBlocks<Key: Hashable, Item, Value> {
  @usableFromInline var first: KeyedPiece<Key, Item, Value>
  @usableFromInline var others: [KeyedPiece<Key, Item, Value>] = []
  /// Whether these values are united with others only at the end.
  @usableFromInline var isClosed = false

  /// - Parameters:
  ///   - mayGiveUp: Whether the block may stop filling its table.
  ///   - capacity: About how many keys it may have.
  @inlinable
  init(blockSize: Int, mayGiveUp: Bool, capacity: Int) {
    first = KeyedPiece(count: blockSize, mayGiveUp: mayGiveUp)
    first.table.reserveCapacity(min(capacity, blockSize))
  }

  @inlinable var pieces: [KeyedPiece<Key, Item, Value>] { [first] + others }

  /// A table with fewer keys fits a cache, so that it costs little to fill another one with them in vain.
  @inlinable static var few: Int { 1 << 17 }

  /// Adds the blocks to the right. Tables are united at once, so that many blocks do not take more memory than their keys
  /// do; but no more if hardly any key is in both of two large ones. Those are united at the end, by several threads.
  @inlinable
  mutating func append(_ right: consuming KeyedBlocks, _ fold: KeyedFold<Key, Item, Value>) {
    if isClosed || right.isClosed || !first.rest.isEmpty || !right.first.rest.isEmpty {
      others.append(right.first)
      others.append(contentsOf: right.others)
      isClosed = true
    } else {
      let all = first.table.count + right.first.table.count
      for (key, value) in right.first.table { first.table.take(fold.item(value), for: key, fold.take) }
      isClosed = first.table.count > max(KeyedBlocks.few, all - all / 8)
    }
  }
}

/// The rule by which a piece of a loop stops filling a table of its own: each time that the table has doubled, it
/// considers how many elements that took. If hardly any of them was equal to one in the table, there are many times as
/// many distinct ones as it has.
@usableFromInline
struct TableLimit {
  @usableFromInline var seen = 0
  /// The number of elements seen when the table had half of its present limit.
  @usableFromInline var seenBefore = 0
  /// The number of distinct keys at which it checks again; zero once it has given up.
  @usableFromInline var limit: Int
  /// The first number of keys at which it may give up.
  @usableFromInline let least: Int
  /// It goes on if one element in so many was equal to one in the table.
  @usableFromInline let repeats: Int
  /// The number of gathered elements at which it checks again, having given up.
  @usableFromInline var mostGathered = Int.max

  /// Up to this size a table costs hardly more than a list, if there are many times as many elements. Of fewer, a
  /// sixteenth is enough to tell.
  @inlinable static var most: Int { 1 << 15 }

  /// - Parameters:
  ///   - count: The number of elements of all pieces, if it is known.
  ///   - mayGiveUp: Whether it may stop at all.
  ///   - isOnly: Whether there are no other pieces. Then only a table of all elements is worth avoiding, for it exceeds the
  ///     cache.
  @inlinable
  init(count: Int?, mayGiveUp: Bool, isOnly: Bool) {
    repeats = isOnly ? 64 : 8
    least = count.map { max(64, min($0 / 16, TableLimit.most)) } ?? TableLimit.most
    limit = mayGiveUp ? least / 2 : .max
  }

  /// Called for each element before it is added to the table.
  @inlinable
  @inline(__always)
  mutating func isReached(by count: Int) -> Bool {
    seen &+= 1
    return _slowPath(count >= limit) && !goesOn()
  }

  /// Called with a full table: returns whether enough of the last elements were equal to some before them.
  @inlinable
  @inline(never)
  mutating func goesOn() -> Bool {
    guard limit > 0 else { return false }
    let (new, all) = (limit / 2, seen - seenBefore)
    seenBefore = seen
    if limit >= least, all - new < all / repeats {
      gather(beside: limit)
      return false
    }
    limit *= 2
    return true
  }

  /// Gives up until the table has been left far behind.
  @inlinable
  mutating func gather(beside tableCount: Int) {
    limit = 0
    mostGathered = max(16 * tableCount, TableLimit.most)
  }

  /// Called when the gathered elements have been folded, `new` of which had keys of their own: goes on with the table, or
  /// gives up again.
  @inlinable
  mutating func consider(new: Int, of count: Int, tableCount: Int) {
    seenBefore = seen
    if count - new < count / repeats { gather(beside: tableCount) } else { limit = 2 * tableCount }
  }
}

extension Dictionary {
  /// Adds an item to the value of a key, in place.
  @inlinable
  @inline(__always)
  mutating func take<Item>(_ item: consuming Item, for key: Key, _ take: (inout Value?, consuming Item) -> Void) {
    take(&self[key], item)
  }

  /// Takes the items of pairs into the values of their keys, one after another.
  @inlinable
  mutating func take<Item>(_ lists: [[(Key, Item)]], _ take: (inout Value?, consuming Item) -> Void) {
    for list in lists { for (key, item) in list { self.take(item, for: key, take) } }
  }

  /// The same, but takes only the first 1024 if these have taken more than half a microsecond each.
  /// - Returns: The pairs that have not been taken.
  @inlinable
  mutating func takeUnlessSlow<Item>(
    _ lists: [[(Key, Item)]], _ take: (inout Value?, consuming Item) -> Void
  ) -> [(Key, Item)] {
    let began = ticks()
    var taken = 0
    for list in lists {
      for (key, item) in list {
        self.take(item, for: key, take)
        taken += 1
        if taken == 1024, ticks() &- began > 512_000 { return Array(lists.joined().dropFirst(taken)) }
      }
    }
    return []
  }
}

/// Returns the values of neighbouring pieces by key.
@inlinable
func united<Key: Hashable, Item, Value>(
  _ pieces: consuming [KeyedPiece<Key, Item, Value>], plan: LoopPlan, _ fold: KeyedFold<Key, Item, Value>
) -> [Key: Value] {
  guard var table = pieces.first?.table else { return [:] }
  // In order: the table of a piece comes before the rest of it.
  var lists: [[(Key, Item)]] = []
  for (index, piece) in pieces.enumerated() {
    if index > 0, !piece.table.isEmpty { lists.append(piece.table.map { ($0.key, fold.item($0.value)) }) }
    if !piece.rest.isEmpty { lists.append(piece.rest) }
  }
  // Values with a single reference are changed in place.
  pieces = []
  guard HashOrder.paysForFolding(of: Key.self, lists.reduce(0) { $0 + $1.count }) else {
    table.take(lists, fold.take)
    return table
  }
  lists.insert(table.map { ($0.key, fold.item($0.value)) }, at: 0)
  table = [:]
  return foldPairs(lists, plan: plan, fold)
}

/// Returns the values of pairs by key, folded in the order of the pairs.
@inlinable
func foldPairs<Key: Hashable, Item, Value>(
  _ lists: [[(Key, Item)]], plan: LoopPlan, _ fold: KeyedFold<Key, Item, Value>
) -> [Key: Value] {
  let count = lists.reduce(0) { $0 + $1.count }
  if count < fewPairs {
    var table: [Key: Value] = Dictionary(minimumCapacity: count)
    let rest = table.takeUnlessSlow(lists, fold.take)
    if rest.isEmpty { return table }
    return foldInBuckets([table.map { ($0.key, fold.item($0.value)) }, rest], plan: plan, fold)
  }
  return foldInBuckets(lists, plan: plan, fold)
}

/// Fewer pairs than these take one thread less time than dealing them out to several does, unless it takes long to fold
/// a pair.
@inlinable var fewPairs: Int { 1 << 17 }

/// Returns the values of pairs by key, folded in the order of the pairs, each bucket of keys by one thread.
@inlinable
func foldInBuckets<Key: Hashable, Item, Value>(
  _ lists: [[(Key, Item)]], plan: LoopPlan, _ fold: KeyedFold<Key, Item, Value>
) -> [Key: Value] {
  let count = lists.reduce(0) { $0 + $1.count }
  let order = HashOrder(count: count)
  var folded: [[(Key, Value)]] = Array(repeating: [], count: order.bucketCount)
  withBuckets(lists, bucketCount: order.bucketCount, plan: plan, bucket: { order.bucket(of: $0.0) }) { pairs in
    unsafe folded.withUnsafeMutableBufferPointer { folded in
      let folded = folded.baseAddress!
      forEachPart(0..<order.bucketCount) { bucket in
        let range = pairs.range(of: bucket)
        var table: [Key: Value] = Dictionary(minimumCapacity: min(range.count, 4096))
        for place in range {
          let (key, item) = pairs.move(place)
          table.take(item, for: key, fold.take)
        }
        unsafe folded[bucket] = table.map { ($0.key, $0.value) }
      }
    }
  }
  let keyCount = folded.reduce(0) { $0 + $1.count }
  var result: [Key: Value] = Dictionary(minimumCapacity: keyCount)
  let final = HashOrder(of: result, hasValues: true, keys: Key.self, inserting: keyCount)
  insertEach(of: folded, in: final, plan: plan, key: { $0.0 }) { result[$0.0] = $0.1 }
  return result
}
