/// The occurrences of some characters in a text, in parallel.
public struct ParallelMatches: ParallelTextual {
  public typealias Element = Substring

  public let text: ParallelText
  @usableFromInline let pattern: TextPattern

  @inlinable
  init(_ text: ParallelText, _ pattern: TextPattern) {
    self.text = text
    self.pattern = pattern
  }

  @inlinable public var positionCount: Int {
    let size = pattern.unitsPerPosition(in: text.positionCount)
    return (text.positionCount + size - 1) / size
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    text.withTextSource { source in
      unsafe withUnsafePointer(to: source) { source in
        unsafe withUnsafePointer(to: pattern) { pattern in
          let linked = unsafe LinkedSource(UnsafeRawPointer(source), pattern)
          return unsafe withUnsafePointer(to: linked) { unsafe body(UnsafeRawPointer($0)) }
        }
      }
    }
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    if positions.isEmpty { return true }
    let linked = unsafe source.linked(to: UnsafePointer<TextPattern>.self)
    let (text, pattern) = unsafe (linked.pointee.base.text, linked.pointee.value)
    let size = unsafe pattern.pointee.unitsPerPosition(in: text.count)
    let end = Swift.min(positions.upperBound * size, text.count)
    var pieces = TextPieces(of: text)
    var start = positions.lowerBound * size
    while let match = unsafe pattern.pointee.firstMatch(in: &pieces, from: start, to: end) {
      if !pieces.lend(match, to: receive, &state) { return false }
      start = match.upperBound
    }
    return true
  }
}

extension ParallelText {
  /// Returns the occurrences of some characters, as slices of the text: the standard library's `ranges(of:)`, from left
  /// to right, without overlaps; lazy and in order.
  ///
  /// Characters are compared as Swift compares them: an é equals an é whether composed or not, and an e does not match
  /// it.
  ///
  /// If two matches could overlap, as those of "aa" or "that" could, whether a match counts depends on those before it.
  /// One thread searches for such patterns, and also processes the matches.
  ///
  /// - Precondition: The pattern is not empty.
  /// - Complexity: Work O(*n* + *m*) for a text of *n* units and a pattern of *m*; span O(*m* + log *n*), but O(*n*) if matches could
  ///   overlap.
  public func matches(of pattern: some StringProtocol) -> ParallelMatches {
    let pattern = TextPattern(String(pattern))
    let isDivided = pattern.unitsPerPosition(in: positionCount) == 1
    let text = isDivided ? self : ParallelText(characters, plan: plan.ofBlocks)
    return ParallelMatches(text, pattern)
  }
}
