// Sorts numbers of which few are distinct: those of a sample are counted, and then written as often as they occur. A
// number that is not in the sample ends the attempt before anything is written.
//
// Work O(n), span O(size of a part + log n). Scratch: 24 kilobytes for each thread, and a row of counts for each part.
// Equal numbers are indistinguishable and need no order among each other, so this is as good as stable.
// Seward 1954. The table is a perfect hash, found by trial: Fredman, Komlós & Szemerédi, 1984.

/// Sorts numbers if few of them are distinct.
/// - Parameter order: The key that the numbers are ordered by. Distinct numbers must have distinct keys.
/// - Returns: Whether few are distinct, and with distinct keys. Otherwise nothing has been written.
@inlinable
func countingSort<Number: RadixKeyed>(
  _ elements: UnsafeMutablePointer<Number>, _ count: Int, by order: (Number) -> UInt64 = { $0.radixKey }
) -> Bool {
  guard let numbers = unsafe DistinctNumbers(sampling: elements, count) else { return false }
  guard Set(numbers.places.map { order($0.number) }).count == numbers.places.count else { return false }
  let parts = Parts(of: Number.self, total: count)
  let rowSize = numbers.places.count
  return withCounts(parts.count * rowSize) { rows in
    let isKnown = withCounts(parts.count) { strangers in
      func countPart(_ part: Int) {
        let range = parts[part]
        let all = unsafe numbers.count(elements + range.lowerBound, range.count) { rows[part * rowSize + $0] = $1 }
        strangers[part] = all ? 0 : 1
      }
      // If there is any number outside the sample, there usually is one in the first part.
      countPart(0)
      if strangers[0] == 0 { forEachPart(1..<parts.count, countPart) }
      return strangers.makeOffsets() == 0
    }
    guard isKnown else { return false }
    withCounts(rowSize) { starts in
      for number in 0..<rowSize {
        for part in 0..<parts.count { starts[number] += rows[part * rowSize + number] }
      }
      _ = starts.makeOffsets()
      forEachPart(0..<parts.count) { part in
        for number in 0..<rowSize {
          let range = parts[part].clamped(to: starts[number]..<starts[number + 1])
          unsafe (elements + range.lowerBound).update(repeating: numbers.places[number].number, count: range.count)
        }
      }
    }
    return true
  }
}

/// The distinct numbers of a sample, ascending, each with its slot in a perfect hash table.
@usableFromInline
struct DistinctNumbers<Number: RadixKeyed> {
  @usableFromInline private(set) var places: [(number: Number, slot: Int)] = []
  /// The key that belongs to each slot. An empty slot has a key that belongs elsewhere.
  @usableFromInline private(set) var table: [UInt64] = []
  @usableFromInline private(set) var factor: UInt64 = 1

  @inlinable static var most: Int { 64 }
  @inlinable static var slotBits: UInt64 { 11 }

  @inlinable
  @inline(__always)
  static func slot(of key: UInt64, _ factor: UInt64) -> Int {
    Int(truncatingIfNeeded: (key &* factor) &>> (64 - slotBits))
  }

  /// Finds the distinct numbers of a sample; returns nil if there are many.
  @inlinable
  init?(sampling elements: UnsafeMutablePointer<Number>, _ count: Int) {
    let sampleCount = 256
    guard count >= 16 * sampleCount else { return nil }
    for index in 0..<sampleCount {
      let number = unsafe elements[index * (count / sampleCount)]
      if places.contains(where: { $0.number.radixKey == number.radixKey }) { continue }
      if places.count == Self.most { return nil }
      places.append((number, 0))
    }
    places.sort { $0.number.radixKey < $1.number.radixKey }
    guard findFactor() else { return nil }
    table = Array(repeating: places[0].number.radixKey, count: 1 << Int(Self.slotBits))
    for place in places { table[place.slot] = place.number.radixKey }
  }

  /// Finds a factor that gives each number a slot of its own: for 64 numbers about every third factor does.
  @inlinable
  mutating func findFactor() -> Bool {
    for _ in 0..<64 {
      factor = factor &* 0xD134_2543_DE82_EF95 &+ 0x9E37_79B9_7F4A_7C16
      var taken = Set<Int>()
      for index in places.indices {
        places[index].slot = Self.slot(of: places[index].number.radixKey, factor)
        taken.insert(places[index].slot)
      }
      if taken.count == places.count { return true }
    }
    return false
  }

  /// Counts elements, and reports how many there are of each number.
  /// - Returns: Whether all of them are among the numbers.
  @inlinable
  func count(_ elements: UnsafeMutablePointer<Number>, _ count: Int, _ tell: (Int, Int) -> Void) -> Bool {
    let factor = factor
    return unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: table.count) { counts in
      unsafe counts.initialize(repeating: 0)
      let counts = counts.baseAddress!
      let difference = unsafe table.withUnsafeBufferPointer { table in
        let table = table.baseAddress!
        var difference: UInt64 = 0
        for index in 0..<count {
          let key = unsafe elements[index].radixKey
          let slot = Self.slot(of: key, factor)
          unsafe difference |= table[slot] ^ key
          unsafe counts[slot] &+= 1
        }
        return difference
      }
      for index in places.indices { tell(index, unsafe Int(counts[places[index].slot])) }
      return difference == 0
    }
  }
}
