// Partitions elements in place. A part on the left and its mirror image on the right are partitioned as if they were
// one range, each such pair by itself: then the left parts have nearly all elements that belong on the left if the
// pivot is near the median. Elements that end up on the wrong side of the border are exchanged.
//
// Work O(n): one comparison for each element, and at most n / 2 exchanges; span O(size of a part + log n).
// Scratch: two numbers for each part. Not stable, but the same at every number of threads.
// After Francis & Pannan, "A parallel partition for enhanced parallel quicksort", 1992.

extension SortKernels {
  /// Moves elements that come before the pivot to the front; returns how many.
  @inlinable
  func partition(_ elements: Place, _ count: Int, _ pivot: Place, _ kernel: Partition) throws(Failure) -> Int {
    let parts = Parts(of: Element.self, total: count)
    if parts.count < 4 { return unsafe try kernel(elements, count, elements, 0, pivot) }
    return try withCounts(parts.count) { (lefts) throws(Failure) in
      // A part in the middle has no mirror image.
      try forEachPart(0..<(parts.count + 1) / 2) { (part) throws(Failure) in
        let mirror = parts.count - 1 - part
        let (first, second) = (parts[part], mirror == part ? 0..<0 : parts[mirror])
        let left = unsafe try kernel(
          elements + first.lowerBound, first.count, elements + second.lowerBound, second.count, pivot)
        lefts[mirror] = max(0, left - first.count)
        lefts[part] = min(left, first.count)
      }
      var border = 0
      for part in 0..<parts.count { border += lefts[part] }
      withCounts(parts.count) { strays in
        let total = Strays.count(parts, lefts, strays, border)
        forEachPart(0..<(total + parts.size - 1) / parts.size) { piece in
          let range = piece * parts.size..<min(total, (piece + 1) * parts.size)
          unsafe Strays.exchange(elements, range, parts, lefts, strays, border)
        }
      }
      return border
    }
  }
}

/// The elements on the wrong side of the border after each part has been partitioned by itself: as many on one side as
/// on the other. They are numbered from left to right on each side.
@usableFromInline
enum Strays {
  /// Counts the strays: `strays` is set to the number of strays before each part, on both sides of the border together.
  @inlinable
  static func count(_ parts: Parts, _ lefts: Counts, _ strays: Counts, _ border: Int) -> Int {
    for part in 0..<parts.count {
      strays[part] = low(part, parts, lefts, border).count + high(part, parts, lefts, border).count
    }
    return strays.makeOffsets() / 2
  }

  /// The elements of a part before the border that belong after it.
  @inlinable
  static func low(_ part: Int, _ parts: Parts, _ lefts: Counts, _ border: Int) -> Range<Int> {
    let end = min(parts[part].upperBound, border)
    return min(parts[part].lowerBound + lefts[part], end)..<end
  }

  /// The elements of a part after the border that belong before it.
  @inlinable
  static func high(_ part: Int, _ parts: Parts, _ lefts: Counts, _ border: Int) -> Range<Int> {
    let end = parts[part].lowerBound + lefts[part]
    return min(max(parts[part].lowerBound, border), end)..<end
  }

  /// Exchanges the strays with these numbers on one side with those on the other.
  @inlinable
  static func exchange<Element>(
    _ elements: UnsafeMutablePointer<Element>, _ numbers: Range<Int>, _ parts: Parts, _ lefts: Counts, _ strays: Counts,
    _ border: Int
  ) {
    let total = strays[parts.count] / 2
    var left = StrayPosition(numbers.lowerBound, parts, lefts, strays, border)
    var right = StrayPosition(total + numbers.lowerBound, parts, lefts, strays, border)
    var rest = numbers.count
    while rest > 0 {
      let count = min(rest, left.range.count, right.range.count)
      let (from, to) = unsafe (elements + left.range.lowerBound, elements + right.range.lowerBound)
      for index in 0..<count { unsafe Skein.exchange(from + index, to + index) }
      rest -= count
      if rest > 0 {
        left.skip(count, parts, lefts, border)
        right.skip(count, parts, lefts, border)
      }
    }
  }
}

/// A contiguous stretch of strays.
@usableFromInline
struct StrayPosition {
  @usableFromInline var part: Int
  @usableFromInline var isHigh = false
  @usableFromInline var range: Range<Int>

  /// Finds a stray by its number, those of the left side before those of the right.
  @inlinable
  init(_ number: Int, _ parts: Parts, _ lefts: Counts, _ strays: Counts, _ border: Int) {
    // The last part that has no more than `number` strays before it.
    var (low, high) = (0, parts.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if strays[middle] <= number { low = middle } else { high = middle }
    }
    part = low
    range = Strays.low(part, parts, lefts, border)
    skip(number - strays[part], parts, lefts, border)
  }

  /// Advances by `count` strays.
  @inlinable
  mutating func skip(_ count: Int, _ parts: Parts, _ lefts: Counts, _ border: Int) {
    var rest = count
    while rest >= range.count {
      rest -= range.count
      if isHigh { part += 1 }
      isHigh.toggle()
      range = isHigh ? Strays.high(part, parts, lefts, border) : Strays.low(part, parts, lefts, border)
    }
    range = range.lowerBound + rest..<range.upperBound
  }
}
