/// A text as leaves read it: its UTF-8 code units, and its characters for whatever they do not tell.
///
/// SAFETY: Whoever made it vouches for the units and for the text, which are the same; nobody changes them.
@safe
@usableFromInline
struct TextSource {
  @usableFromInline let units: UnsafeBufferPointer<UInt8>
  @usableFromInline let characters: UnsafePointer<Substring>

  @inlinable
  init(units: UnsafeBufferPointer<UInt8>, characters: UnsafePointer<Substring>) {
    unsafe self.units = units
    unsafe self.characters = characters
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
  ///
  /// Between two ASCII units the answer is at hand: only CR LF is one character. Anything else the standard library knows, which looks
  /// back as far as it takes.
  @usableFromInline
  func isCharacterBoundary(_ offset: Int) -> Bool {
    if offset == 0 || offset == count { return true }
    let (before, after) = (self[offset - 1], self[offset])
    if isContinuation(after) { return false }
    if before < 0x80 && after < 0x80 { return before != 0x0d || after != 0x0a }
    return unsafe String.Index(index(at: offset), within: characters.pointee) != nil
  }

  /// The first offset from a given one on where a character begins, or the end of the text.
  @usableFromInline
  func characterBoundary(atOrAfter offset: Int) -> Int {
    var offset = offset
    while offset < count, isContinuation(self[offset]) { offset += 1 }
    if isCharacterBoundary(offset) { return offset }
    // The end of the character in which it lies.
    return unsafe self.offset(of: characters.pointee.index(after: index(at: offset)))
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
