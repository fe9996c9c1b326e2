/// The pieces of a text, made one after the other for a leaf that hands them on.
///
/// A `Substring` holds the text, and to count one reference more for each piece, and one less, costs more than to find
/// it; besides, all threads count in the same place. So there is one substring for a batch, whose bounds are changed
/// from piece to piece. A receiver that keeps a piece copies it, which counts.
///
/// Its bounds also say that characters begin there, if both of the text's own bounds say so. Otherwise the standard
/// library would look back at each character of a piece to find its beginning.
///
/// SAFETY: A substring begins with its two bounds, and a `String.Index` is a word with the offset in code units above
/// the lowest sixteen bits. Whether this holds is checked for each text, and if it does not, the pieces are made as
/// usual. The caller guarantees that the offsets are those of characters in the text.
@safe
@usableFromInline
struct TextPieces {
  @usableFromInline let text: TextSource
  @usableFromInline var piece: Substring

  @inlinable
  init(of text: TextSource) {
    self.text = text
    unsafe piece = text.characters.pointee
  }

  /// Returns the bound of a piece at the beginning of a text, or nil if the layout is not known.
  static func origin(of text: TextSource) -> UInt64? {
    guard MemoryLayout<String.Index>.size == 8 && MemoryLayout<Substring>.size >= 16 else { return nil }
    // The last bound knows no more than that a scalar begins there: the others may not be said to know more.
    let sample = text[text.count..<text.count]
    let bounds = unsafe withUnsafeBytes(of: text[0..<text.count]) { bytes in
      unsafe (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    let (first, last, end) = (bounds.0, bounds.1, word(sample.startIndex))
    let flags = end & 0xffff
    guard first >> 16 &+ UInt64(text.count) == last >> 16, last >> 16 == end >> 16, flags < 16 else { return nil }
    // A text may begin or end in the middle of one of the string's characters; then the first or the last piece does.
    let whole = unsafe text.characters.pointee
    let beginsCharacter = word(whole.startIndex) & word(whole.endIndex) & characterFlag
    return first & ~0xffff | flags | beginsCharacter
  }

  /// The flag by which an index says that a character begins there, and not only a scalar; 0 if there is no one flag.
  private static let characterFlag: UInt64 = {
    let text = "text"
    let difference = word(text.index(after: text.startIndex)) ^ word(text.unicodeScalars.index(after: text.startIndex))
    let flag = difference & 0xff
    return flag.nonzeroBitCount == 1 && flag < 16 ? flag : 0
  }()

  private static func word(_ index: String.Index) -> UInt64 { unsafe unsafeBitCast(index, to: UInt64.self) }

  /// Hands on the piece between two offsets.
  /// - Returns: What `receive` returns.
  @inlinable
  @inline(__always)
  mutating func lend<State>(
    _ offsets: Range<Int>, to receive: (Substring, inout State) -> Bool, _ state: inout State
  ) -> Bool {
    select(offsets)
    return receive(piece, &state)
  }

  /// Returns the character that begins at an offset other than the end, and its end.
  @inlinable
  @inline(__always)
  mutating func characterAndEnd(at offset: Int) -> (Character, Int) {
    let unit = text[offset]
    // Such a unit is a character by itself.
    if unit < 0x80 && (offset + 1 == text.count || text[offset + 1] < 0x80 && unit != 0x0d) {
      return (Character(Unicode.Scalar(unit)), offset + 1)
    }
    return wideCharacterAndEnd(at: offset)
  }

  @usableFromInline
  @inline(never)
  mutating func wideCharacterAndEnd(at offset: Int) -> (Character, Int) {
    select(offset..<text.count)
    let character = piece.first!
    return (character, offset + character.utf8.count)
  }

  /// Makes `piece` the one between two offsets.
  @inlinable
  @inline(__always)
  mutating func select(_ offsets: Range<Int>) {
    if let origin = text.pieceOrigin {
      unsafe withUnsafeMutableBytes(of: &piece) { bytes in
        unsafe bytes.storeBytes(of: origin &+ UInt64(offsets.lowerBound) << 16, as: UInt64.self)
        unsafe bytes.storeBytes(of: origin &+ UInt64(offsets.upperBound) << 16, toByteOffset: 8, as: UInt64.self)
      }
    } else {
      makePiece(offsets)
    }
  }

  @usableFromInline
  @inline(never)
  mutating func makePiece(_ offsets: Range<Int>) { piece = text[offsets] }
}
