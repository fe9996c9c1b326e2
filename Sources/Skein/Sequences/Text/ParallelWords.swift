/// The words of a text, in parallel: its pieces between whitespace.
public struct ParallelWords: ParallelTextual {
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
    var start = text.wordStart(in: positions)
    while start < positions.upperBound {
      let end = text.wordEnd(from: start, to: text.count)
      if !pieces.lend(start..<end, to: receive, &state) { return false }
      start = text.endOfWhitespace(from: end, limit: positions.upperBound)
    }
    return true
  }

  /// Returns the number of words.
  ///
  /// In the ASCII parts of a text it takes a fraction of a nanosecond for each unit.
  /// - Complexity: Work O(*n*) in the length of the text; span O(log *n*).
  public func count() -> Int { WordCounts(text: text).sum() }
}

extension ParallelText {
  /// Returns the words: the pieces between characters whose `isWhitespace` is true, those of `split(whereSeparator:
  /// \.isWhitespace)`; lazy and in order.
  ///
  /// They share the memory of the text, whose reference count all threads change when they copy or keep one.
  @inlinable
  public func words() -> ParallelWords { ParallelWords(self) }
}

/// The numbers of words that begin in each slice of a text.
struct WordCounts: ParallelTextual {
  typealias Element = Int

  let text: ParallelText

  static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let text = unsafe source.text
    var count = 0
    var offset = positions.lowerBound
    while offset < positions.upperBound {
      let end = Swift.min(positions.upperBound, offset + 128)
      count += text.wordCountInASCII(offset..<end) ?? text.wordCount(offset..<end)
      offset = end
    }
    return receive(count, &state)
  }
}

extension TextSource {
  /// Returns the number of words that begin at some offsets.
  func wordCount(_ offsets: Range<Int>) -> Int {
    var count = 0
    var start = wordStart(in: offsets)
    while start < offsets.upperBound {
      count += 1
      let end = wordEnd(from: start, to: offsets.upperBound)
      start = endOfWhitespace(from: end, limit: offsets.upperBound)
    }
    return count
  }

  /// Returns the number of words that begin at some offsets, at most 128, if the units there, and the two before them,
  /// are ASCII.
  func wordCountInASCII(_ offsets: Range<Int>) -> Int? {
    let (start, count) = (offsets.lowerBound, offsets.count)
    // Then every ASCII unit is a character, except CR LF, which like both of its parts is whitespace.
    if start < 2 { return nil }
    let first = unsafe units.baseAddress! + start
    var (all, words) = (unsafe first[-2] | first[-1], 0 as UInt8)
    for index in 0..<count {
      let (before, unit) = unsafe (first[index - 1], first[index])
      all |= unit
      words &+= isASCIIWhitespace(before) & ~isASCIIWhitespace(unit) & 1
    }
    return all < 0x80 ? Int(words) : nil
  }

  /// Returns all ones or all zeros, without a branch, so that the loop is vectorised.
  @inline(__always)
  private func isASCIIWhitespace(_ unit: UInt8) -> UInt8 { unit == 0x20 || unit &- 0x09 < 5 ? 0xff : 0 }
}
