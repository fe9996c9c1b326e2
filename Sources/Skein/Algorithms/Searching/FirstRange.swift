// Starting positions are cut into blocks of a fixed size, and each block is searched by itself with Knuth, Morris and
// Pratt's automaton (1977), reading on into the next block by the length of the pattern. So there are
// at most two comparisons for each element of each block that reads it, whatever the pattern, and besides, for bitwise copyable elements, those of
// a search for the pattern's first four, which skips what cannot be its beginning. Blocks behind an occurrence are not begun any more.

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
    let found = firstResult(inBlocks: (starts + size - 1) / size, plan.ofBlocks) { block in
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

/// Returns the result for the first block that has one.
///
/// It is compiled here, not in clients; see `KeyedPermutation.firstPositions`.
@usableFromInline
func firstResult(inBlocks count: Int, _ plan: LoopPlan, _ result: @escaping @Sendable (Int) -> Int?) -> Int? {
  ParallelIntegers(0..<count, plan: plan).firstNonNil(result)
}
