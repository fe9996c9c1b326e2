/// Characters to look for in a text.
@usableFromInline
struct TextPattern: Sendable {
  @usableFromInline let characters: [Character]
  /// The UTF-8 code units, if comparing them is enough, because no other characters equal these.
  @usableFromInline let units: [UInt8]?
  /// Whether a prefix of the pattern is also a suffix, so that matches could overlap.
  @usableFromInline let overlapsItself: Bool

  init(_ pattern: String) {
    require(!pattern.isEmpty, "a pattern has at least one character")
    characters = Array(pattern)
    // Among ASCII characters, only a semicolon, a grave accent and a K are equal to others.
    let isPlain = pattern.utf8.allSatisfy { $0 < 0x80 && $0 != 0x3b && $0 != 0x60 && $0 != 0x4b }
    units = isPlain ? Array(pattern.utf8) : nil
    let characters = characters
    overlapsItself = (1..<characters.count).contains { characters.dropFirst($0).elementsEqual(characters.dropLast($0)) }
  }

  /// Returns the first match that begins between two offsets, or nil.
  @usableFromInline
  func firstMatch(in text: TextSource, from start: Int, to end: Int) -> Range<Int>? {
    if start >= end { return nil }
    if let units { return firstMatch(of: units, in: text, from: start, to: end) }
    var offset = text.characterBoundary(atOrAfter: start)
    while offset < end {
      if let end = endOfMatch(in: text, at: offset) { return offset..<end }
      offset = text.characterAndEnd(at: offset).1
    }
    return nil
  }

  /// Returns the end of a match that begins at `start`, where a character begins, or nil.
  private func endOfMatch(in text: TextSource, at start: Int) -> Int? {
    var offset = start
    for wanted in characters {
      if offset == text.count { return nil }
      let (character, end) = text.characterAndEnd(at: offset)
      if character != wanted { return nil }
      offset = end
    }
    return offset
  }

  private func firstMatch(of units: [UInt8], in text: TextSource, from start: Int, to end: Int) -> Range<Int>? {
    let end = min(end, text.count - units.count + 1)
    var start = start
    while start < end {
      start = text.offset(of: units[0], from: start, to: end)
      if start >= end { return nil }
      let match = start..<start + units.count
      if text.hasUnits(units, at: start), text.isCharacterBoundary(start), text.isCharacterBoundary(match.upperBound) {
        return match
      }
      start += 1
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

  func hasUnits(_ wanted: [UInt8], at start: Int) -> Bool {
    for index in wanted.indices where self[start + index] != wanted[index] { return false }
    return true
  }
}
