/// A text as leaves read it: its UTF-8 code units, and its characters where units do not suffice.
///
/// SAFETY: The creator guarantees that the units are those of the text, and that nothing changes them.
@safe
@usableFromInline
struct TextSource {
  @usableFromInline let units: UnsafeBufferPointer<UInt8>
  @usableFromInline let characters: UnsafePointer<Substring>
  @usableFromInline let known: KnownCharacters
  /// See `TextPieces`.
  @usableFromInline var pieceOrigin: UInt64?

  @usableFromInline
  init(units: UnsafeBufferPointer<UInt8>, characters: UnsafePointer<Substring>, known: KnownCharacters) {
    unsafe self.units = units
    unsafe self.characters = characters
    self.known = known
    pieceOrigin = TextPieces.origin(of: self)
  }

  @inlinable var count: Int { unsafe units.count }

  @inlinable
  @inline(__always)
  subscript(_ offset: Int) -> UInt8 { unsafe units[offset] }

  /// The text between two offsets at which characters, or at least scalars, begin.
  @inlinable
  subscript(_ offsets: Range<Int>) -> Substring {
    unsafe characters.pointee[index(at: offsets.lowerBound)..<index(at: offsets.upperBound)]
  }

  /// - Complexity: O(1).
  @inlinable
  func index(at offset: Int) -> String.Index {
    let units = unsafe characters.pointee.utf8
    return units.index(units.startIndex, offsetBy: offset)
  }

  /// - Complexity: O(1).
  @inlinable
  func offset(of index: String.Index) -> Int {
    let units = unsafe characters.pointee.utf8
    return units.distance(from: units.startIndex, to: index)
  }
}

extension UnsafeRawPointer {
  /// The text at an address from a text's `withSource`.
  @inlinable
  @inline(__always)
  var text: TextSource { unsafe assumingMemoryBound(to: TextSource.self).pointee }
}

// MARK: - Characters

extension TextSource {
  /// Returns whether a character begins, or the text ends, at an offset.
  @usableFromInline
  func isCharacterBoundary(_ offset: Int) -> Bool {
    if offset == 0 || offset == count { return true }
    if isContinuation(self[offset]) { return false }
    return isPlainBoundary(offset) || character(reaching: offset).upperBound == offset
  }

  /// Returns the first offset from a given one on where a character begins, or the end of the text.
  @usableFromInline
  func characterBoundary(atOrAfter offset: Int) -> Int {
    var offset = offset
    while offset < count, isContinuation(self[offset]) { offset += 1 }
    if offset == 0 || offset == count || isPlainBoundary(offset) { return offset }
    return character(reaching: offset).upperBound
  }

  /// Returns whether the scalars on both sides of an offset suffice to tell that a character begins there. Between two
  /// ASCII units there is a boundary except within CR LF.
  @inline(__always)
  private func isPlainBoundary(_ offset: Int) -> Bool {
    if self[offset - 1] < 0x80 && self[offset] < 0x80 { return self[offset - 1] != 0x0d || self[offset] != 0x0a }
    return !mayBeMark(at: offset) && !mayBePrefix(before: offset)
  }

  /// Returns the character that ends at an offset, where another begins or the text ends.
  @usableFromInline
  func character(before offset: Int) -> Character { self[character(reaching: offset)].first! }

  /// Returns the character that ends at an offset, or that it divides.
  /// - Parameter offset: The end of a scalar.
  @inline(never)
  private func character(reaching offset: Int) -> Range<Int> {
    let near = known.find(near: offset)
    if let near, offset <= near.upperBound { return near }
    // From the beginning of a character on, text is cut into characters without looking at what precedes it.
    let rest = self[(near?.upperBound ?? startOfCharacter(before: offset))..<count]
    var end = rest.startIndex
    var character = 0..<self.offset(of: end)
    repeat {
      end = rest.index(after: end)
      character = character.upperBound..<self.offset(of: end)
    } while character.upperBound < offset
    known.note(character)
    return character
  }

  /// Returns where the character begins that a scalar belongs to.
  /// - Parameter end: The end of the scalar.
  private func startOfCharacter(before end: Int) -> Int {
    if let start = startOfFlag(before: end) { return start }
    // The standard library looks back as far as necessary: in a text without a long run of flags, not further than to
    // the beginning of the character.
    let text = unsafe characters.pointee
    let scalar = text.unicodeScalars.index(before: index(at: end))
    return offset(of: text.index(before: text.index(after: scalar)))
  }

  /// Returns where the flag begins that a scalar belongs to if others are before it, or nil.
  ///
  /// A flag is two regional indicators, counted from the beginning of a run of them. Slices that divide a long run would
  /// all look back that far; a character found by an earlier one will do.
  private func startOfFlag(before end: Int) -> Int? {
    var (start, isKnown) = (end, false)
    while !isKnown, isRegionalIndicator(before: start) {
      start -= 4
      isKnown = known.hasEnd(at: start)
    }
    // The first flag of a run may belong to a character that began before it.
    guard isKnown || end - start > 8 else { return nil }
    return start + (end - 4 - start) / 8 * 8
  }

  private func isRegionalIndicator(before end: Int) -> Bool {
    end >= 4 && self[end - 4] == 0xf0 && self[end - 3] == 0x9f && self[end - 2] == 0x87 && self[end - 1] >= 0xa6
  }
}

/// Returns whether a UTF-8 code unit continues a scalar.
@_alwaysEmitIntoClient
@inline(__always)
func isContinuation(_ unit: UInt8) -> Bool { unit & 0xc0 == 0x80 }
