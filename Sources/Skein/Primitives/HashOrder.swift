// Elements in the order of the buckets of a hash table. Inserting them one by one in this order writes to neighbouring
// buckets, most of which are in a processor's cache, instead of missing the cache for nearly every element. The hashing
// that determines the order, and the moving, are done in parallel.
//
// Work O(n), span O(size of a part + number of parts). Scratch: n elements, two bytes for each, and at most 2¹¹ numbers for each part.

/// The bucket of a key in a hash table, as far as its highest bits tell.
///
/// Both numbers are read from a table of the standard library. If a later version uses them differently, the order will
/// be different; elements can be inserted in any order, only more slowly.
@usableFromInline
struct HashOrder {
  @usableFromInline let seed: Int
  @usableFromInline let mask: Int
  @usableFromInline let shift: Int
  /// The number of stretches of the table that are distinguished.
  @usableFromInline let bucketCount: Int

  /// - Parameters:
  ///   - collection: A set or a dictionary with room for the elements that are to be inserted.
  ///   - count: The number of these elements.
  /// - Returns: Nil if it does not pay, or if the layout of tables is not known.
  @inlinable
  init?<Collection, Key>(of collection: borrowing Collection, hasValues: Bool, keys: Key.Type, inserting count: Int) {
    guard HashOrder.pays(for: keys, count), HashTable.isKnown else { return nil }
    let table = unsafe withUnsafePointer(to: collection) { unsafe HashTable(of: $0, hasValues: hasValues) }
    self.init(seed: table.seed, mask: table.bucketCount - 1)
  }

  /// Returns whether it pays to insert so many elements in order: whether their table exceeds the cache, and the keys are
  /// bitwise copyable; keys stored elsewhere, such as strings, would be accessed there in random order.
  @inlinable
  static func pays<Key>(for keys: Key.Type, _ count: Int) -> Bool { count >= 1 << 19 && _isPOD(keys) }

  /// Returns whether it pays to have each thread fold some of the buckets of so many elements.
  @inlinable
  static func paysForFolding<Key>(of keys: Key.Type, _ count: Int) -> Bool { count >= fewPairs && _isPOD(keys) }

  /// Creates an arbitrary order by the hash values of this many elements.
  @inlinable
  init(count: Int) { self.init(seed: 0, mask: 1 << bitWidth(of: count) - 1) }

  @inlinable
  init(seed: Int, mask: Int) {
    self.seed = seed
    self.mask = mask
    // A stretch of 2¹⁴ buckets fits into a core's own cache; but a pass writes to at most 2¹¹ stretches.
    let bits = max(1, min(11, bitWidth(of: mask) - 14))
    shift = max(0, bitWidth(of: mask) - bits)
    bucketCount = 1 << bits
  }

  @inlinable
  @inline(__always)
  func bucket<Key: Hashable>(of key: Key) -> Int { (key._rawHashValue(seed: seed) & mask) >> shift }
}

/// Scatters elements to buckets, in parallel and in order.
///
/// - Parameters:
///   - lists: The elements. Within a bucket they keep this order.
///   - bucket: Returns the bucket of an element; called once for each.
///   - body: Called with the elements, bucket by bucket, which it moves out or destroys.
@inlinable
func withBuckets<Element, Result>(
  _ lists: [[Element]], bucketCount: Int, plan: LoopPlan, bucket: (Element) -> Int,
  _ body: (DealtElements<Element>) -> Result
) -> Result {
  withBuckets(lists, bucketCount: bucketCount, plan: plan, bucket: bucket, deal: { element, _ in element }, body)
}

/// The same, but scatters values made from each element and its position in all lists.
@inlinable
func withBuckets<Element, Dealt, Result>(
  _ lists: [[Element]], bucketCount: Int, plan: LoopPlan, bucket: (Element) -> Int,
  deal: (Element, _ place: Int) -> Dealt, _ body: (DealtElements<Dealt>) -> Result
) -> Result {
  let parts = ListParts(lists.map(\.count))
  return plan.onWorker {
    withCountMatrix(partCount: parts.all.count, bucketCount: bucketCount) { matrix in
      var result: Result?
      unsafe Scratch.with(UInt16.self, count: parts.total) { labels in
        unsafe Scratch.with(Dealt.self, count: parts.total) { dealt in
          forEachPart(0..<parts.all.count) { index in
            let part = parts.all[index]
            let row = unsafe matrix.row(index)
            unsafe lists[part.list].withUnsafeBufferPointer { list in
              for offset in 0..<part.range.count {
                let number = unsafe bucket(list[part.range.lowerBound &+ offset])
                unsafe labels[part.start &+ offset] = UInt16(truncatingIfNeeded: number)
                unsafe row[number] &+= 1
              }
            }
          }
          matrix.makePlaces()
          forEachPart(0..<parts.all.count) { index in
            let part = parts.all[index]
            let row = unsafe matrix.row(index)
            unsafe lists[part.list].withUnsafeBufferPointer { list in
              for offset in 0..<part.range.count {
                let number = unsafe Int(labels[part.start &+ offset])
                let place = unsafe row[number]
                unsafe row[number] = place &+ 1
                let element = unsafe deal(list[part.range.lowerBound &+ offset], part.start &+ offset)
                unsafe (dealt + place).initialize(to: element)
              }
            }
          }
          result = unsafe body(DealtElements(dealt, matrix))
        }
      }
      return result!
    }
  }
}

/// Elements ordered by bucket.
///
/// SAFETY: The receiver moves each element out, once, or destroys it, during the call in which it receives them.
@safe
@usableFromInline
struct DealtElements<Element> {
  @usableFromInline let elements: UnsafeMutablePointer<Element>
  @usableFromInline let matrix: CountMatrix<Int>

  @inlinable
  init(_ elements: UnsafeMutablePointer<Element>, _ matrix: CountMatrix<Int>) {
    unsafe self.elements = elements
    self.matrix = matrix
  }

  /// Returns the range of a bucket's elements.
  @inlinable
  func range(of bucket: Int) -> Range<Int> { matrix.range(of: bucket) }

  @inlinable
  @inline(__always)
  func move(_ place: Int) -> Element { unsafe (elements + place).move() }
}

/// Lists, cut into parts for loops over all of their elements.
@usableFromInline
struct ListParts {
  @usableFromInline
  struct Part {
    @usableFromInline let list: Int
    @usableFromInline let range: Range<Int>
    /// The number of elements before it, in this list and in those before that.
    @usableFromInline let start: Int
  }

  @usableFromInline private(set) var all: [Part] = []
  @usableFromInline private(set) var total = 0

  @usableFromInline
  init(_ counts: [Int]) {
    let size = max(1 << 14, counts.reduce(0, +) / 256)
    for (list, count) in counts.enumerated() {
      for start in stride(from: 0, to: count, by: size) {
        let range = start..<min(start + size, count)
        all.append(Part(list: list, range: range, start: total))
        total += range.count
      }
    }
  }
}

/// Calls `insert` with all elements: in the order of their keys if there is one, and otherwise as they are.
///
/// - Parameter lists: The elements. Those with equal keys are inserted in this order.
@inlinable
func insertEach<Element, Key: Hashable>(
  of lists: [[Element]], in order: HashOrder?, plan: LoopPlan, key: (Element) -> Key,
  _ insert: (consuming Element) -> Void
) {
  guard let order else {
    for list in lists { for element in list { insert(element) } }
    return
  }
  let count = lists.reduce(0) { $0 + $1.count }
  withBuckets(lists, bucketCount: order.bucketCount, plan: plan, bucket: { order.bucket(of: key($0)) }) { dealt in
    for place in 0..<count { insert(dealt.move(place)) }
  }
}
