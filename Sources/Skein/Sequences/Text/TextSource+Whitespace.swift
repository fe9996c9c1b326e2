// Whitespace is any character that begins with a scalar of the property `White_Space`, as for `Character.isWhitespace`.
// The character may continue with marks; and such a scalar is not whitespace if it belongs to a character that has
// begun before it. Both are so rare that they are checked for only next to scalars that could be of that kind.

extension TextSource {
  /// Returns the first offset among some where a word begins, or their end if none does.
  @usableFromInline
  func wordStart(in offsets: Range<Int>) -> Int {
    let start = characterBoundary(atOrAfter: offsets.lowerBound)
    if start >= offsets.upperBound { return offsets.upperBound }
    // A word that began before belongs to the previous part.
    let end =
      start == 0 || isWhitespace(before: start) ? start : wordEnd(from: start, to: offsets.upperBound)
    if end >= offsets.upperBound { return offsets.upperBound }
    let word = endOfWhitespace(from: end, limit: offsets.upperBound)
    return word == count ? offsets.upperBound : word
  }

  /// Returns the first offset between two where whitespace begins, or `limit`.
  /// - Parameter start: Where a character begins.
  @usableFromInline
  func wordEnd(from start: Int, to limit: Int) -> Int {
    var offset = start
    while offset < limit {
      if whitespaceLength(at: offset) > 0 && beginsCharacter(offset) { return offset }
      offset += 1
    }
    return limit
  }

  /// Returns the end of the whitespace that begins at an offset, or that offset if none does.
  /// - Parameters:
  ///   - start: Where a character begins or the text ends.
  ///   - limit: An end beyond which it does not matter where: a gap is not searched once for each batch inside it.
  @usableFromInline
  func endOfWhitespace(from start: Int, limit: Int) -> Int {
    var offset = start
    while offset < limit {
      let length = whitespaceLength(at: offset)
      if length == 0 { return offset }
      let end = offset + length
      offset = end < count && mayBeMark(at: end) ? offset + self[offset..<count].first!.utf8.count : end
    }
    return offset
  }

  /// Returns whether the character that ends at an offset is whitespace.
  func isWhitespace(before offset: Int) -> Bool {
    let unit = self[offset - 1]
    if unit >= 0x80 { return character(before: offset).isWhitespace }
    return whitespaceLength(at: offset - 1) > 0 && beginsCharacter(offset - 1)
  }

  /// Returns the number of units of the scalar that begins at an offset if it is whitespace; 0 otherwise.
  @inline(__always)
  func whitespaceLength(at offset: Int) -> Int {
    let unit = self[offset]
    if _fastPath(unit < 0x80) { return unit == 0x20 || unit &- 0x09 < 5 ? 1 : 0 }
    if unit < 0xc2 || unit > 0xe3 || unit > 0xc2 && unit < 0xe1 { return 0 }
    return wideWhitespaceLength(at: offset)
  }

  @inline(never)
  func wideWhitespaceLength(at offset: Int) -> Int {
    let second = self[offset + 1]
    switch self[offset] {
    case 0xc2: return second == 0x85 || second == 0xa0 ? 2 : 0  // U+0085, U+00A0
    case 0xe1: return second == 0x9a && self[offset + 2] == 0x80 ? 3 : 0  // U+1680
    case 0xe2:
      let third = self[offset + 2]
      if second == 0x81 { return third == 0x9f ? 3 : 0 }  // U+205F
      // U+2000...U+200A, U+2028, U+2029, U+202F
      return second == 0x80 && (third <= 0x8a || third == 0xa8 || third == 0xa9 || third == 0xaf) ? 3 : 0
    default: return second == 0x80 && self[offset + 2] == 0x80 ? 3 : 0  // U+3000
    }
  }

  /// Returns whether the whitespace scalar at an offset begins a character. It does not if the scalar before it belongs
  /// to what follows, whatever it is (`Grapheme_Cluster_Break=Prepend`), like U+0600.
  @inline(__always)
  func beginsCharacter(_ offset: Int) -> Bool {
    offset == 0 || self[offset - 1] < 0x80 || !mayBePrepend(before: offset) || isCharacterBoundary(offset)
  }

  /// Returns whether the scalar that ends at an offset might belong to any that follows it. Such signs are those of
  /// numbers and verses in the Arabic and Syriac blocks, a letter of Malayalam, and some in scripts beyond the basic plane.
  private func mayBePrepend(before offset: Int) -> Bool {
    let start = startOfScalar(before: offset)
    let (unit, second) = (self[start], self[start + 1])
    switch unit {
    case 0xd8, 0xdc: return second < 0x90  // U+0600...U+060F, U+0700...U+070F
    case 0xdb: return second >= 0x90 && second < 0xa0  // U+06D0...U+06DF
    case 0xe0: return second == 0xa2 || second == 0xa3 || second == 0xb5  // U+0880...U+08FF, U+0D40...U+0D7F
    case 0xf0: return second < 0x9b  // U+10000...U+1AFFF
    default: return false
    }
  }

  /// Returns whether the scalar that ends at an offset might belong to the same character as the next one.
  @inline(__always)
  func mayBePrefix(before offset: Int) -> Bool {
    self[offset - 1] >= 0x80 && mayBeWidePrefix(before: offset)
  }

  @inline(never)
  func mayBeWidePrefix(before offset: Int) -> Bool {
    // Latin, Greek, Cyrillic, Armenian and Hebrew have no prefixes; nor do the scripts of East Asia.
    let unit = self[startOfScalar(before: offset)]
    return !(unit < 0xd8 || unit >= 0xe3 && unit <= 0xe9)
  }

  /// Returns where the scalar begins that ends at an offset.
  private func startOfScalar(before offset: Int) -> Int {
    var start = offset - 1
    while start > 0, isContinuation(self[start]) { start -= 1 }
    return start
  }

  /// Returns whether the scalar at an offset might belong to the character before it.
  @inline(__always)
  func mayBeMark(at offset: Int) -> Bool {
    let unit = self[offset]
    if unit < 0x80 { return false }
    // Blocks of letters without marks: of Latin, Greek, most of Cyrillic; Chinese characters and most syllables of Hangul.
    return !(unit < 0xcc || unit >= 0xce && unit < 0xd2 || unit >= 0xe4 && unit <= 0xe9 || unit == 0xeb || unit == 0xec)
  }
}
