// Starting positions are cut into blocks of a fixed size, and each block is searched by itself with Knuth, Morris and
// Pratt's automaton (1977), reading on into the next block by the length of the pattern. So there are
// at most two comparisons for each element of each block that reads it, whatever the pattern; and blocks behind an occurrence are not begun any
// more.

extension ParallelElements where Element: Equatable {
  /// Returns the range in which some elements first occur as a contiguous subsequence, or nil if they do not.
  ///
  ///     let header = bytes.parallel.firstRange(of: [0x89, 0x50, 0x4E, 0x47])
  ///
  /// Like `firstRange(of:)` of the standard library, it finds an empty pattern at the start.
  ///
  /// - Parameter pattern: The elements to look for.
  /// - Complexity: Work O(*n* + *m*) comparisons for a pattern of *m* elements; span O(*m* + log *n*) and a few
  ///   thousand of them. Scratch: *m* numbers and elements. Each thread reads little beyond the occurrence.
  @inlinable
  public func firstRange<Pattern: Collection>(of pattern: Pattern) -> Range<Base.Index>?
  where Pattern.Element == Element {
    let search = SubsequenceSearch(Array(pattern))
    let length = search.pattern.count
    if length == 0 { return base.startIndex..<base.startIndex }
    if length > positionCount { return nil }
    let starts = positionCount - length + 1
    let size = Swift.max(4096, 4 * length, Swift.min(plan.minimumBatch, starts))
    let found = ParallelElements<Range<Int>>(0..<(starts + size - 1) / size, plan: plan.ofBlocks).firstNonNil {
      block -> Int? in
      let start = block * size
      let end = Swift.min(start + size, starts) + length - 1
      // Contiguous elements are read without going through the collection.
      let result: Int?? = unsafe withContiguousElements { elements in
        search.firstOccurrence(in: start..<end) { unsafe elements[$0] }
      }
      if let result { return result }
      return search.firstOccurrence(in: start..<end) { base[base.index(base.startIndex, offsetBy: $0)] }
    }
    return found.map { index($0)..<index($0 + length) }
  }
}

/// A pattern, and its failure function: how far to go back in it at a mismatch.
@usableFromInline
struct SubsequenceSearch<Element: Equatable & Sendable>: Sendable {
  @usableFromInline let pattern: [Element]
  /// For each length of a prefix: the length of its longest proper border (a prefix that is also a suffix).
  @usableFromInline let fallback: [Int]

  @inlinable
  init(_ pattern: [Element]) {
    self.pattern = pattern
    var fallback = [0, 0]
    fallback.reserveCapacity(pattern.count + 1)
    var length = 0
    for element in pattern.dropFirst() {
      while length > 0, pattern[length] != element { length = fallback[length] }
      if pattern[length] == element { length += 1 }
      fallback.append(length)
    }
    self.fallback = fallback
  }

  /// The position of the first occurrence of the pattern in a range.
  @inlinable
  @inline(__always)
  func firstOccurrence(in range: Range<Int>, _ element: (Int) -> Element) -> Int? {
    var agreeing = 0
    for position in range {
      let next = element(position)
      while agreeing > 0, pattern[agreeing] != next { agreeing = fallback[agreeing] }
      if pattern[agreeing] == next { agreeing += 1 }
      if agreeing == pattern.count { return position - agreeing + 1 }
    }
    return nil
  }
}
