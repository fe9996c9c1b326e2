internal import CSkein

/// The lines of a text, in parallel.
public struct ParallelLines: ParallelTextual {
  public typealias Element = Substring

  public let text: ParallelText

  @inlinable
  init(_ text: ParallelText) { self.text = text }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let text = unsafe source.text
    var pieces = TextPieces(of: text)
    var start = text.lineStart(in: positions)
    while start < positions.upperBound {
      let newline = text.newline(from: start, to: text.count)
      if !pieces.lend(start..<newline.lowerBound, to: receive, &state) { return false }
      start = newline.upperBound
    }
    return true
  }
}

extension ParallelText {
  /// Returns the lines, without their newlines; lazy and in order.
  ///
  /// A line ends with any character whose `isNewline` is true: LF, CR, CR LF (which is one), vertical tab, form feed,
  /// NEL, and the separators of lines and paragraphs. Empty lines count, but there is none after a newline at the end
  /// of the text. So these are the pieces of `split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)`,
  /// without an empty last one; `split` with a `whereSeparator` alone leaves all empty ones out.
  ///
  /// They share the memory of the text, whose reference count all threads change when they copy or keep one.
  @inlinable
  public func lines() -> ParallelLines { ParallelLines(self) }
}

// MARK: - Newlines

extension TextSource {
  /// Returns the first offset among some where a line begins, or the end of the offsets if none does.
  @usableFromInline
  func lineStart(in offsets: Range<Int>) -> Int {
    if offsets.lowerBound == 0 { return 0 }
    // No newline is longer than three units.
    var start = max(0, offsets.lowerBound - 3)
    while true {
      let newline = newline(from: start, to: offsets.upperBound)
      if newline.isEmpty || newline.upperBound >= count { return offsets.upperBound }
      if newline.upperBound >= offsets.lowerBound { return newline.upperBound }
      start = newline.upperBound
    }
  }

  /// Returns the first newline that begins between two offsets, or an empty range at `end` if none does.
  @usableFromInline
  func newline(from start: Int, to end: Int) -> Range<Int> {
    var offset = start
    while offset < end {
      offset = unsafe skein_newline_candidate(units.baseAddress!, offset, end)
      if offset == end { break }
      let length = newlineLength(at: offset)
      if length > 0 { return offset..<offset + length }
      offset += 1
    }
    return end..<end
  }

  /// Returns the number of units of the newline that begins at an offset; 0 if none does.
  @inline(__always)
  func newlineLength(at offset: Int) -> Int {
    let unit = self[offset]
    if unit &- 0x0a < 4 { return unit == 0x0d && offset + 1 < count && self[offset + 1] == 0x0a ? 2 : 1 }
    // NEL, and the separators of lines and paragraphs.
    if unit == 0xc2 { return self[offset + 1] == 0x85 ? 2 : 0 }
    if unit == 0xe2 { return self[offset + 1] == 0x80 && self[offset + 2] & 0xfe == 0xa8 ? 3 : 0 }
    return 0
  }
}
