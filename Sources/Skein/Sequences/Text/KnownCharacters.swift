public import Synchronization

/// The ranges of characters looked up recently, so that a lookup nearby need not begin at the start of the text.
///
/// Whether a character begins at an offset depends on how many flags, or marks, precede it, without a limit. Each slice
/// of a loop needs to know, and would examine all of a long run of flags again.
///
/// An entry is one word, the start and the length of a character, so that threads may read and write it at any time
/// (relaxed: it is true of the text, whichever thread wrote it). A character of 1 GiB, or one that begins after 16 GiB, is
/// not noted.
///
/// SAFETY: The creator guarantees that the memory has `count` entries.
@safe
@usableFromInline
struct KnownCharacters {
  @usableFromInline let entries: UnsafeMutablePointer<Atomic<UInt64>>

  /// One entry for each block of offsets, modulo 64, and the last for a character that is longer than a block.
  @inlinable static var count: Int { blockCount + 1 }
  @inlinable static var blockCount: Int { 64 }
  @inlinable static var blockSize: Int { 1024 }
  /// How many bits of an entry are the length.
  private static var lengthWidth: Int { 30 }

  @inlinable
  init(_ memory: UnsafeMutablePointer<Atomic<UInt64>>) {
    unsafe entries = memory
    for entry in 0..<KnownCharacters.count { unsafe (entries + entry).initialize(to: Atomic(0)) }
  }

  /// Returns a character that was looked up: one that has this offset inside or at its end, or else one that ends not
  /// far before it.
  func find(near offset: Int) -> Range<Int>? {
    var near: Range<Int>?
    let block = offset / KnownCharacters.blockSize
    for entry in [
      KnownCharacters.blockCount, (block + KnownCharacters.blockCount - 1) % KnownCharacters.blockCount,
      block % KnownCharacters.blockCount,
    ] {
      let word = unsafe entries[entry].load(ordering: .relaxed)
      let character = character(word)
      if character.lowerBound < offset && offset <= character.upperBound { return character }
      if character.upperBound <= offset && offset - character.upperBound <= 64 && word != 0 { near = character }
    }
    return near
  }

  /// Returns whether a character that was looked up ends at an offset. It may not say so of all.
  func hasEnd(at offset: Int) -> Bool {
    let word = unsafe entries[offset / KnownCharacters.blockSize % KnownCharacters.blockCount].load(ordering: .relaxed)
    return word != 0 && character(word).upperBound == offset
  }

  func note(_ character: Range<Int>) {
    let width = KnownCharacters.lengthWidth
    guard character.count < 1 << width, character.lowerBound < 1 << (64 - width) else { return }
    let word = UInt64(character.lowerBound) << width | UInt64(character.count)
    let isLong = character.count > KnownCharacters.blockSize
    let block = character.upperBound / KnownCharacters.blockSize
    let entry = isLong ? KnownCharacters.blockCount : block % KnownCharacters.blockCount
    unsafe entries[entry].store(word, ordering: .relaxed)
  }

  private func character(_ word: UInt64) -> Range<Int> {
    let start = Int(word >> KnownCharacters.lengthWidth)
    return start..<start + Int(word & ((1 << KnownCharacters.lengthWidth) - 1))
  }
}
