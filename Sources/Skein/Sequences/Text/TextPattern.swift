/// Characters to look for in a text, with Knuth, Morris and Pratt's algorithm (1977).
@usableFromInline
struct TextPattern: Sendable {
  let characters: SubsequenceSearch<Character>
  /// The UTF-8 code units, if comparing them is enough, because no other characters equal these.
  let units: SubsequenceSearch<UInt8>?
  /// In UTF-8 code units.
  let length: Int

  init(_ pattern: String) {
    require(!pattern.isEmpty, "a pattern has at least one character")
    characters = SubsequenceSearch(Array(pattern))
    length = pattern.utf8.count
    // Among ASCII characters, only a semicolon, a grave accent and a K are equal to others.
    let isPlain = pattern.utf8.allSatisfy { $0 < 0x80 && $0 != 0x3b && $0 != 0x60 && $0 != 0x4b }
    units = isPlain ? SubsequenceSearch(Array(pattern.utf8)) : nil
  }

  /// Returns how many units of a text of `count` one position of a loop stands for.
  ///
  /// They are searched together: all of them if a prefix of the pattern is also a suffix, since then matches could overlap,
  /// and each depends on those before it. For a long pattern there are many, because each slice of a loop reads on from
  /// its end by as many units as the pattern has.
  @usableFromInline
  func unitsPerPosition(in count: Int) -> Int {
    if characters.fallback.last! > 0 { return max(1, count) }
    return length <= 64 ? 1 : 4 * length
  }

  /// Returns the first match that begins between two offsets, or nil.
  @usableFromInline
  func firstMatch(in pieces: inout TextPieces, from start: Int, to end: Int) -> Range<Int>? {
    if start >= end { return nil }
    if let units { return units.firstMatch(in: pieces.text, from: start, to: end) }
    return characters.firstMatch(in: &pieces, from: start, to: end)
  }
}

extension SubsequenceSearch<Character> {
  fileprivate func firstMatch(in pieces: inout TextPieces, from start: Int, to end: Int) -> Range<Int>? {
    // The characters from `start` to `offset` are the first ones of the pattern.
    var start = pieces.text.characterBoundary(atOrAfter: start)
    var (offset, agreeing) = (start, 0)
    while start < end {
      while agreeing < pattern.count, offset < pieces.text.count {
        let (character, end) = pieces.characterAndEnd(at: offset)
        if character != pattern[agreeing] { break }
        (offset, agreeing) = (end, agreeing + 1)
      }
      if agreeing == pattern.count { return start..<offset }
      if offset == pieces.text.count { return nil }
      let kept = fallback[agreeing]
      for _ in 0..<max(1, agreeing - kept) { start = pieces.characterAndEnd(at: start).1 }
      if agreeing == 0 { offset = start }
      agreeing = kept
    }
    return nil
  }
}

extension SubsequenceSearch<UInt8> {
  fileprivate func firstMatch(in text: TextSource, from start: Int, to end: Int) -> Range<Int>? {
    let end = min(end, text.count - pattern.count + 1)
    var (start, agreeing) = (start, 0)
    while start < end {
      if agreeing == 0 {
        start = text.offset(of: pattern[0], from: start, to: end)
        if start >= end { return nil }
      }
      while agreeing < pattern.count, text[start + agreeing] == pattern[agreeing] { agreeing += 1 }
      if agreeing == pattern.count {
        let match = start..<start + pattern.count
        if text.isCharacterBoundary(start), text.isCharacterBoundary(match.upperBound) { return match }
      }
      let kept = fallback[agreeing]
      start += max(1, agreeing - kept)
      agreeing = kept
    }
    return nil
  }
}

extension TextSource {
  /// Returns the first offset between two where a unit occurs, or the end.
  func offset(of unit: UInt8, from start: Int, to end: Int) -> Int {
    guard start < end else { return end }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(units)[start..<end])
    return unsafe firstIndex(of: unit, in: rest).map { start + $0 } ?? end
  }
}
