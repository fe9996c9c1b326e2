/// A text as leaves read it: its UTF-8 code units, and its characters for whatever they do not tell.
///
/// SAFETY: Whoever made it vouches for the units and for the text, which are the same; nobody changes them.
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

  /// The text between two offsets, where characters, or at least scalars, begin.
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
  /// What lies at the address that a text's `withSource` gave.
  @inlinable
  @inline(__always)
  var text: TextSource { unsafe assumingMemoryBound(to: TextSource.self).pointee }
}

// MARK: - Characters

extension TextSource {
  /// Whether a character begins, or the text ends, at an offset.
  @usableFromInline
  func isCharacterBoundary(_ offset: Int) -> Bool {
    if offset == 0 || offset == count { return true }
    if isContinuation(self[offset]) { return false }
    return isPlainBoundary(offset) || boundary(atOrAfter: offset) == offset
  }

  /// The first offset from a given one on where a character begins, or the end of the text.
  @usableFromInline
  func characterBoundary(atOrAfter offset: Int) -> Int {
    var offset = offset
    while offset < count, isContinuation(self[offset]) { offset += 1 }
    if offset == 0 || offset == count || isPlainBoundary(offset) { return offset }
    return boundary(atOrAfter: offset)
  }

  /// Whether the scalars on both sides of an offset say by themselves that a character begins there. Between two ASCII units only CR LF
  /// is one character.
  @inline(__always)
  private func isPlainBoundary(_ offset: Int) -> Bool {
    if self[offset - 1] < 0x80 && self[offset] < 0x80 { return self[offset - 1] != 0x0d || self[offset] != 0x0a }
    return !mayBeMark(at: offset) && !mayBePrefix(before: offset)
  }

  /// The first offset from the beginning of a scalar on where a character begins, or the end of the text.
  @inline(never)
  private func boundary(atOrAfter offset: Int) -> Int {
    var character: Range<Int>
    if let near = known.find(near: offset) {
      character = near
    } else {
      // The standard library looks back as far as it takes.
      let index = index(at: offset)
      let start = unsafe characters.pointee.index(before: characters.pointee.index(after: index))
      character = self.offset(of: start)..<self.offset(of: start)
    }
    if offset <= character.upperBound && character.lowerBound < offset { return character.upperBound }
    // What comes behind the beginning of a character is cut into characters without a look before it.
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

  /// The character that ends at an offset, where a character begins or the text ends.
  @usableFromInline
  func character(before offset: Int) -> Character {
    unsafe characters.pointee[characters.pointee.index(before: index(at: offset))]
  }
}

/// Whether a UTF-8 code unit continues a scalar.
@inlinable
@inline(__always)
func isContinuation(_ unit: UInt8) -> Bool { unit & 0xc0 == 0x80 }
