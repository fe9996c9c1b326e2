// Radix sort, starting at the highest digit that differs. Elements that exceed a processor's own cache are scattered by
// that digit to the other of two places, and each bucket is sorted by itself. Elements that fit the cache are scattered
// by two digits, the lower one first, after which hardly any elements share a bucket; those are sorted in the same way,
// or by comparison if they are few. A large pass is made in parts, each of which counts and scatters its own elements.
//
// Work O(n · w / log n) for keys of w bits, O(n) if the elements are in order; span O(n / parts + log n) for each digit.
// Scratch: n elements, and at most 2¹² numbers for each part. Stable.
// Hollerith 1889; McIlroy, Bostic & McIlroy, "Engineering radix sort", 1993; in parallel: Blelloch et al. 1991.

/// Sorts elements by their keys. The scratch has room for all of them.
@inlinable
func radixSort<Element: RadixKeyed>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ scratch: UnsafeMutablePointer<Element>
) {
  unsafe RadixPile(elements, scratch, count, isHome: true).sort()
}

/// Elements in one of two places, to be sorted into the place that they came from.
///
/// SAFETY: both places belong to the pile alone; the elements' bits are in `place`.
@safe
@usableFromInline
struct RadixPile<Element: RadixKeyed> {
  @usableFromInline let place: UnsafeMutablePointer<Element>
  @usableFromInline let other: UnsafeMutablePointer<Element>
  @usableFromInline let count: Int
  /// Whether the elements are in their final place.
  @usableFromInline let isHome: Bool

  @inlinable
  init(_ place: UnsafeMutablePointer<Element>, _ other: UnsafeMutablePointer<Element>, _ count: Int, isHome: Bool) {
    unsafe self.place = unsafe place
    unsafe self.other = unsafe other
    self.count = count
    self.isHome = isHome
  }

  @inlinable
  func sort() {
    if count <= smallSort { return sortFew() }
    let order = survey()
    if order.isAscending { return goHome() }
    if count > Self.mostInCache { sortLarge(order.differing) } else { sortInCache(order.differing) }
  }

  /// How many elements fit in a processor's own cache in both places.
  @inlinable static var mostInCache: Int { (1 << 19) / MemoryLayout<Element>.stride }

  /// Scatters by the highest digit, and sorts the buckets.
  @inlinable
  func sortLarge(_ differing: UInt64) {
    let width = UInt64.bitWidth - differing.leadingZeroBitCount
    // Enough bits that evenly spread elements fit into the cache; but each bucket is written to a different page.
    let bits = min(width, 10, max(8, bitWidth(of: count / Self.mostInCache) + 1))
    let digit = Digit(shift: width - bits, bits: bits)
    let parts = RadixParts(count)
    withCountMatrix(partCount: parts.count, bucketCount: digit.count) { matrix in
      forEachPart(0..<parts.count) { part in unsafe histogram(parts[part], digit, matrix.row(part)) }
      matrix.makePlaces()
      forEachPart(0..<parts.count) { part in unsafe deal(place, other, parts[part], digit, matrix.row(part)) }
      sortPiles(0..<digit.count, matrix)
    }
  }

  /// Scatters by two digits, which together have a few more bits than the number of elements.
  @inlinable
  func sortInCache(_ differing: UInt64) {
    let width = UInt64.bitWidth - differing.leadingZeroBitCount
    let bits = min(width, bitWidth(of: count) + 5)
    let low = Digit(shift: width - bits, bits: bits / 2)
    let high = Digit(shift: width - bits + bits / 2, bits: bits - bits / 2)
    // Up to 12 kilobytes: not on the stack.
    let lows = UnsafeMutablePointer<UInt32>.allocate(capacity: low.count + high.count)
    let highs = unsafe lows + low.count
    unsafe lows.initialize(repeating: 0, count: low.count + high.count)
    unsafe histogram(low, lows, high, highs)
    unsafe CountMatrix(lows, partCount: 1, bucketCount: low.count).makePlaces()
    unsafe CountMatrix(highs, partCount: 1, bucketCount: high.count).makePlaces()
    unsafe deal(place, other, 0..<count, low, lows)
    unsafe deal(other, place, 0..<count, high, highs)
    unsafe lows.deallocate()
    goHome()
    if bits < width {
      unsafe RadixPile(isHome ? place : other, isHome ? other : place, count, isHome: true).sortEqual(above: low.shift)
    }
  }

  /// Sorts groups of elements whose bits above `shift` are equal. The elements are at home, sorted by those bits.
  @inlinable
  @inline(never)
  func sortEqual(above shift: UInt64) {
    var start = 0
    var bits = unsafe place[0].radixKey &>> shift
    for index in 1...count {
      let next = unsafe index < count ? place[index].radixKey &>> shift : ~bits
      if next == bits { continue }
      if index &- start > 1 { unsafe RadixPile(place + start, other + start, index &- start, isHome: true).sort() }
      (start, bits) = (index, next)
    }
  }

  @inlinable
  func sortPiles(_ piles: Range<Int>, _ matrix: CountMatrix<Int>) {
    let start = matrix.range(of: piles.lowerBound).lowerBound
    if matrix.range(of: piles.upperBound - 1).upperBound - start >= RadixParts.leastCount, piles.count > 1 {
      let middle = (piles.lowerBound + piles.upperBound) / 2
      forkSort {
        sortPiles(piles.lowerBound..<middle, matrix)
      } _: {
        sortPiles(middle..<piles.upperBound, matrix)
      }
      return
    }
    for pile in piles {
      let range = matrix.range(of: pile)
      if range.isEmpty { continue }
      let (place, other) = unsafe (other + range.lowerBound, place + range.lowerBound)
      unsafe RadixPile(place, other, range.count, isHome: !isHome).sort()
    }
  }

  @inlinable
  @inline(never)
  func sortFew() {
    unsafe sortSmallKernel(isHome ? place : other, count, isHome ? other : place, isInScratch: !isHome) {
      $0.radixKey < $1.radixKey
    }
  }

  @inlinable
  func goHome() {
    if !isHome { unsafe moveInParallel(place, other, count: count) }
  }
}

// MARK: - Passes

extension RadixPile {
  /// Whether the elements are in order, and which bits of their keys differ.
  @usableFromInline
  struct Order {
    @usableFromInline var isAscending: Bool
    @usableFromInline var differing: UInt64

    @inlinable
    init(_ isAscending: Bool, _ differing: UInt64) {
      self.isAscending = isAscending
      self.differing = differing
    }
  }

  @inlinable
  func survey() -> Order {
    let parts = RadixParts(count)
    if parts.count == 1 { return survey(0..<count) }
    var orders = [Order](repeating: Order(true, 0), count: parts.count)
    unsafe orders.withUnsafeMutableBufferPointer { orders in
      let orders = orders.baseAddress!
      forEachPart(0..<parts.count) { part in unsafe orders[part] = survey(parts[part]) }
    }
    return orders.reduce(Order(true, 0)) { Order($0.isAscending && $1.isAscending, $0.differing | $1.differing) }
  }

  /// Compares each element with its predecessor, also where that belongs to another part.
  @inlinable
  @inline(never)
  func survey(_ range: Range<Int>) -> Order {
    let first = unsafe place[0].radixKey
    var before = unsafe place[max(0, range.lowerBound - 1)].radixKey
    var (differing, descents) = (UInt64(0), 0)
    for index in range {
      let key = unsafe place[index].radixKey
      differing |= key ^ first
      descents &+= (key < before).asInt
      before = key
    }
    return Order(descents == 0, differing)
  }

  @inlinable
  @inline(never)
  func histogram(_ range: Range<Int>, _ digit: Digit, _ row: UnsafeMutablePointer<Int>) {
    for index in range { unsafe row[digit.of(place[index])] &+= 1 }
  }

  /// Makes the histograms of two digits at once.
  @inlinable
  @inline(never)
  func histogram(
    _ low: Digit, _ lows: UnsafeMutablePointer<UInt32>, _ high: Digit, _ highs: UnsafeMutablePointer<UInt32>
  ) {
    for index in 0..<count {
      unsafe lows[low.of(place[index])] &+= 1
      unsafe highs[high.of(place[index])] &+= 1
    }
  }

  @inlinable
  @inline(never)
  func deal<Number: FixedWidthInteger>(
    _ source: UnsafeMutablePointer<Element>, _ destination: UnsafeMutablePointer<Element>, _ range: Range<Int>,
    _ digit: Digit, _ row: UnsafeMutablePointer<Number>
  ) {
    for index in range {
      let pile = unsafe digit.of(source[index])
      unsafe copyBits(source + index, destination + Int(truncatingIfNeeded: row[pile]))
      unsafe row[pile] &+= 1
    }
  }

  /// The bits of the key that a pass looks at.
  @usableFromInline
  struct Digit {
    @usableFromInline let shift: UInt64
    @usableFromInline let mask: UInt64

    @inlinable
    init(shift: Int, bits: Int) {
      self.shift = UInt64(truncatingIfNeeded: shift)
      mask = (1 << UInt64(truncatingIfNeeded: bits)) - 1
    }

    @inlinable var count: Int { Int(truncatingIfNeeded: mask) + 1 }

    @inlinable
    @inline(__always)
    func of(_ element: Element) -> Int { Int(truncatingIfNeeded: (element.radixKey &>> shift) & mask) }
  }
}

/// The parts in which a pass over many elements is made: at most 64, since each has a row of counts.
@usableFromInline
struct RadixParts {
  @usableFromInline let count: Int
  @usableFromInline let total: Int

  @inlinable
  init(_ total: Int) {
    self.total = total
    count = min(64, max(1, total / RadixParts.leastCount))
  }

  /// Fewer elements than this are sorted on one thread.
  @inlinable static var leastCount: Int { 1 << 16 }

  @inlinable
  subscript(_ part: Int) -> Range<Int> { part * total / count..<(part + 1) * total / count }
}
