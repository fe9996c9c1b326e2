/// The hash table of a set or a dictionary of the standard library: buckets, some of which are occupied.
///
/// The standard library offers no way to begin in the middle of a set but to walk there. Its tables have a layout that
/// code compiled into its clients relies on, and that this type reads: an object with the number of buckets, the
/// addresses of the keys and of the values, and, at its end, a bit for each bucket. The layout is checked once, on
/// tables made for that; if it differs, or where tables may belong to Objective-C objects, `isKnown` is false and
/// nothing is read.
///
/// SAFETY: The creator keeps the collection alive and unchanged, and reads only occupied buckets, as the type that they
/// hold.
@safe
@usableFromInline
struct HashTable {
  @usableFromInline let words: UnsafePointer<UInt>
  @usableFromInline let keys: UnsafeRawPointer
  /// For a set, the same as the keys.
  @usableFromInline let values: UnsafeRawPointer
  @usableFromInline let bucketCount: Int
  /// The seed of the hash values of this table's keys. It is not checked: no memory access may depend on it.
  @usableFromInline let seed: Int

  // After the two words of every object's header: count, capacity, scale (the logarithm of the number of buckets) and
  // other small numbers, seed, keys, for a dictionary values, bits.

  /// - Parameter collection: The address of a set, a dictionary, its keys or its values: one word, which is a reference.
  @usableFromInline
  init(of collection: UnsafeRawPointer, hasValues: Bool) {
    let object = unsafe collection.load(as: UnsafeRawPointer.self)
    bucketCount = unsafe 1 << Int(object.load(fromByteOffset: 32, as: Int8.self))
    seed = unsafe object.load(fromByteOffset: 40, as: Int.self)
    unsafe keys = object.load(fromByteOffset: 48, as: UnsafeRawPointer.self)
    unsafe values = object.load(fromByteOffset: hasValues ? 56 : 48, as: UnsafeRawPointer.self)
    unsafe words = (object + (hasValues ? 64 : 56)).assumingMemoryBound(to: UInt.self)
  }

  /// Calls `body` with each occupied bucket among some, in order, until it returns false.
  /// - Returns: Whether it never did.
  @inlinable
  @inline(__always)
  func forEachBucket(in buckets: Range<Int>, _ body: (Int) -> Bool) -> Bool {
    var start = buckets.lowerBound
    while start < buckets.upperBound {
      let word = start / UInt.bitWidth
      let end = min(buckets.upperBound, (word + 1) * UInt.bitWidth)
      var bits = unsafe words[word] >> (start % UInt.bitWidth)
      bits &= ~0 >> (UInt.bitWidth - (end - start))
      while bits != 0 {
        if !body(start + bits.trailingZeroBitCount) { return false }
        bits &= bits - 1
      }
      start = end
    }
    return true
  }
}

extension HashTable {
  /// Whether the tables of this standard library have the expected layout.
  @usableFromInline static let isKnown: Bool = {
    #if canImport(ObjectiveC) || !_pointerBitWidth(_64)
      return false
    #else
      return [1, 7, 50, 500].allSatisfy { count in
        let set = Set(0..<count)
        let dictionary = Dictionary(uniqueKeysWithValues: (0..<count).lazy.map { (UInt16($0), "\($0)") })
        return isAsBelieved(set, count: count, hasValues: false) { table, bucket in
          unsafe table.keys.assumingMemoryBound(to: Int.self)[bucket]
        }
          && isAsBelieved(dictionary, count: count, hasValues: true) { table, bucket in
            unsafe (
              table.keys.assumingMemoryBound(to: UInt16.self)[bucket],
              table.values.assumingMemoryBound(to: String.self)[bucket]
            )
          }
      }
    #endif
  }()

  /// Returns whether reading a table gives the same as iterating. Reads made before everything is known to be right
  /// stay inside the object, which has more than a hundred bytes.
  private static func isAsBelieved<C: Collection, Element: Equatable>(
    _ collection: C, count: Int, hasValues: Bool, _ element: (HashTable, Int) -> Element
  ) -> Bool where C.Element == Element {
    isAsBelieved(collection, count: count, hasValues: hasValues, element, ==)
  }

  private static func isAsBelieved<C: Collection, Key: Equatable, Value: Equatable>(
    _ collection: C, count: Int, hasValues: Bool, _ element: (HashTable, Int) -> (Key, Value)
  ) -> Bool where C.Element == (key: Key, value: Value) {
    isAsBelieved(collection, count: count, hasValues: hasValues, element) { $0.0 == $1.0 && $0.1 == $1.1 }
  }

  private static func isAsBelieved<C: Collection, Element>(
    _ collection: C, count: Int, hasValues: Bool, _ element: (HashTable, Int) -> Element,
    _ areEqual: (C.Element, Element) -> Bool
  ) -> Bool {
    guard MemoryLayout<C>.size == MemoryLayout<Int>.size else { return false }
    return unsafe withUnsafePointer(to: collection) { address in
      let object = unsafe UnsafeRawPointer(address).load(as: UnsafeRawPointer.self)
      let scale = unsafe object.load(fromByteOffset: 32, as: Int8.self)
      guard unsafe object.load(fromByteOffset: 16, as: Int.self) == count, (0..<20).contains(scale), 1 << scale > count
      else { return false }
      let table = unsafe HashTable(of: address, hasValues: hasValues)
      // Bits, keys and values are adjacent in the object.
      let bits = unsafe UnsafeRawPointer(table.words)
      let bitsEnd = unsafe bits + (table.bucketCount + UInt.bitWidth - 1) / UInt.bitWidth * MemoryLayout<UInt>.size
      guard unsafe table.keys >= bitsEnd && table.keys <= bitsEnd + 64, unsafe !hasValues || table.values > table.keys
      else { return false }
      guard unsafe table.values <= table.keys + 64 + table.bucketCount * 8 else { return false }
      var buckets: [Int] = []
      _ = table.forEachBucket(in: 0..<table.bucketCount) {
        buckets.append($0)
        return true
      }
      return buckets.count == count
        && Swift.zip(collection, buckets).allSatisfy { areEqual($0, element(table, $1)) }
    }
  }
}
