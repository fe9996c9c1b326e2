/// A stretch of the elements to be sorted.
@usableFromInline
struct Run {
  @usableFromInline enum Kind { case ascending, descending, unsorted }

  @usableFromInline var start: Int
  @usableFromInline var end: Int
  @usableFromInline var kind: Kind

  @inlinable
  init(_ start: Int, _ end: Int, _ kind: Kind) {
    self.start = start
    self.end = end
    self.kind = kind
  }

  @inlinable var count: Int { end - start }

  /// The least length of a run to be kept: a shorter one is sorted faster together with its neighbourhood.
  @inlinable
  static func minimum(_ count: Int) -> Int {
    count <= 4096 ? min(count - count / 2, 64) : 1 << ((Int.bitWidth - count.leadingZeroBitCount) / 2)
  }
}
