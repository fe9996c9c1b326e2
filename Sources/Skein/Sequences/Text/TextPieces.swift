/// The pieces of a text, made one after the other for a leaf that hands them on.
///
/// A `Substring` holds the text, and to count one reference more for each piece, and one less, costs more than to find
/// it; besides, all threads count in the same place. So there is one substring for a batch, whose bounds are changed
/// from piece to piece. A receiver that keeps a piece copies it, which counts.
///
/// SAFETY: A substring begins with its two bounds, and a `String.Index` is a word with the offset in code units above
/// the lowest sixteen bits. Whether this holds is checked for each text, and if it does not, the pieces are made as
/// usual. The caller guarantees that the offsets are those of scalars in the text.
@safe
@usableFromInline
struct TextPieces {
  @usableFromInline let text: TextSource
  @usableFromInline var piece: Substring
  /// A bound at the beginning of the text, or nil if the layout is not known.
  @usableFromInline let origin: UInt64?

  @usableFromInline
  init(of text: TextSource) {
    self.text = text
    unsafe piece = text.characters.pointee
    origin = TextPieces.origin(of: text)
  }

  private static func origin(of text: TextSource) -> UInt64? {
    guard MemoryLayout<String.Index>.size == 8 && MemoryLayout<Substring>.size >= 16 else { return nil }
    // The last bound knows no more than that a scalar begins there: the others may not be said to know more.
    let sample = text[text.count..<text.count]
    let bounds = unsafe withUnsafeBytes(of: text[0..<text.count]) { bytes in
      unsafe (bytes.loadUnaligned(as: UInt64.self), bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    let (first, last, end) = unsafe (
      bounds.0, bounds.1, unsafeBitCast(sample.startIndex, to: UInt64.self)
    )
    let flags = end & 0xffff
    guard first >> 16 &+ UInt64(text.count) == last >> 16, last >> 16 == end >> 16, flags < 16 else { return nil }
    return first & ~0xffff | flags
  }

  /// Hands on the piece between two offsets.
  /// - Returns: What `receive` returns.
  @inlinable
  @inline(__always)
  mutating func lend<State>(
    _ offsets: Range<Int>, to receive: (Substring, inout State) -> Bool, _ state: inout State
  ) -> Bool {
    if let origin {
      unsafe withUnsafeMutableBytes(of: &piece) { bytes in
        unsafe bytes.storeBytes(of: origin &+ UInt64(offsets.lowerBound) << 16, as: UInt64.self)
        unsafe bytes.storeBytes(of: origin &+ UInt64(offsets.upperBound) << 16, toByteOffset: 8, as: UInt64.self)
      }
    } else {
      makePiece(offsets)
    }
    return receive(piece, &state)
  }

  @usableFromInline
  @inline(never)
  mutating func makePiece(_ offsets: Range<Int>) { piece = text[offsets] }
}
