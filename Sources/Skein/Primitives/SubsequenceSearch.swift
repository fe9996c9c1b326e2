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
    var (position, agreeing) = (range.lowerBound, 0)
    while position < range.upperBound {
      if agreeing == 0 {
        position = firstCandidate(in: position..<range.upperBound, element)
        if position == range.upperBound { return nil }
      }
      let next = element(position)
      position += 1
      while agreeing > 0, pattern[agreeing] != next { agreeing = fallback[agreeing] }
      if pattern[agreeing] == next { agreeing += 1 }
      if agreeing == pattern.count { return position - agreeing }
    }
    return nil
  }

  /// The position where the pattern's first four elements first occur, or one before it.
  ///
  /// Bitwise copyable elements are compared many at a time, without a branch for each.
  @inlinable
  @inline(__always)
  func firstCandidate(in range: Range<Int>, _ element: (Int) -> Element) -> Int {
    guard _isPOD(Element.self), pattern.count >= 4 else { return range.lowerBound }
    let (first, second, third, fourth) = (pattern[0], pattern[1], pattern[2], pattern[3])
    func agree(at position: Int) -> Int {
      (element(position) == first ? 1 : 0) & (element(position &+ 1) == second ? 1 : 0)
        & (element(position &+ 2) == third ? 1 : 0) & (element(position &+ 3) == fourth ? 1 : 0)
    }
    var position = range.lowerBound
    while range.upperBound - position >= 16 + 3 {
      var found = 0
      for offset in 0..<16 { found |= agree(at: position &+ offset) }
      if found != 0 { break }
      position += 16
    }
    while range.upperBound - position > 3, agree(at: position) == 0 { position += 1 }
    return position
  }
}
