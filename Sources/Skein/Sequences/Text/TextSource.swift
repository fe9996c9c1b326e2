/// A text as leaves read it: its UTF-8 code units, and its characters where units do not suffice.
///
/// SAFETY: The creator guarantees that the units are those of the text, and that nothing changes them.
@safe
@usableFromInline
struct TextSource {
  @usableFromInline let units: UnsafeBufferPointer<UInt8>
  @usableFromInline let characters: UnsafePointer<Substring>
  @usableFromInline let known: KnownCharacters

  @inlinable
  init(units: UnsafeBufferPointer<UInt8>, characters: UnsafePointer<Substring>, known: KnownCharacters) {
    unsafe self.units = units
    unsafe self.characters = characters
    self.known = known
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
    return isPlainBoundary(offset) || boundary(atOrAfter: offset) == offset
  }

  /// Returns the first offset from a given one on where a character begins, or the end of the text.
  @usableFromInline
  func characterBoundary(atOrAfter offset: Int) -> Int {
    var offset = offset
    while offset < count, isContinuation(self[offset]) { offset += 1 }
    if offset == 0 || offset == count || isPlainBoundary(offset) { return offset }
    return boundary(atOrAfter: offset)
  }

  /// Returns whether the scalars on both sides of an offset suffice to tell that a character begins there. Between two
  /// ASCII units there is a boundary except within CR LF.
  @inline(__always)
  private func isPlainBoundary(_ offset: Int) -> Bool {
    if self[offset - 1] < 0x80 && self[offset] < 0x80 { return self[offset - 1] != 0x0d || self[offset] != 0x0a }
    return !mayBeMark(at: offset) && !mayBePrefix(before: offset)
  }

  /// Returns the first offset from the beginning of a scalar on where a character begins, or the end of the text.
  @inline(never)
  private func boundary(atOrAfter offset: Int) -> Int {
    var character: Range<Int>
    if let near = known.find(near: offset) {
      character = near
    } else {
      // The standard library looks back as far as necessary.
      let index = index(at: offset)
      let start = unsafe characters.pointee.index(before: characters.pointee.index(after: index))
      character = self.offset(of: start)..<self.offset(of: start)
    }
    if offset <= character.upperBound && character.lowerBound < offset { return character.upperBound }
    // From the beginning of a character on, text is cut into characters without looking at what precedes it.
    let rest = self[character.upperBound..<count]
    var end = rest.startIndex
    while self.offset(of: end) < offset {
      let start = end
      end = rest.index(after: start)
      character = self.offset(of: start)..<self.offset(of: end)
    }
    known.note(character)
    return self.offset(of: end)
  }

  /// Returns the character that ends at an offset, where another begins or the text ends.
  @usableFromInline
  func character(before offset: Int) -> Character {
    unsafe characters.pointee[characters.pointee.index(before: index(at: offset))]
  }
}

/// Returns whether a UTF-8 code unit continues a scalar.
@_alwaysEmitIntoClient
@inline(__always)
func isContinuation(_ unit: UInt8) -> Bool { unit & 0xc0 == 0x80 }
