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
