/// A part of a piece that has been left to others, before parts that have been run.
///
/// SAFETY: it is in a list, whose owner alone follows `next`; see `Gaps`.
@unsafe
@usableFromInline
struct Gap<Partial> {
  @usableFromInline var start: Int
  @usableFromInline let end: Int
  /// The result of what comes behind it, up to the next gap or the part that is left at the end of the piece.
  @usableFromInline var after: Partial
  @usableFromInline var next: UnsafeMutablePointer<Gap>?

  @inlinable
  init(_ range: Range<Int>, after: consuming Partial) {
    unsafe (start, end) = (range.lowerBound, range.upperBound)
    unsafe self.after = after
    unsafe next = nil
  }
}

/// The gaps of a piece, in order: a linked list, which costs nothing while it is empty.
///
/// SAFETY: A list has one owner at a time, the worker that runs the piece and then the one that it hands the rest to.
/// Whoever fills a gap removes it. A piece's owner at last fills all.
@safe
@usableFromInline
struct Gaps<Partial> {
  @usableFromInline var first: UnsafeMutablePointer<Gap<Partial>>?

  @inlinable
  init() { unsafe first = nil }

  @inlinable
  init(_ gap: consuming Gap<Partial>) {
    let memory = UnsafeMutablePointer<Gap<Partial>>.allocate(capacity: 1)
    unsafe memory.initialize(to: gap)
    unsafe first = memory
  }

  @inlinable var isEmpty: Bool { unsafe first == nil }

  /// Appends the gaps behind these.
  @inlinable
  mutating func append(_ others: Gaps) {
    guard var last = unsafe first else {
      unsafe first = others.first
      return
    }
    while let next = unsafe last.pointee.next { unsafe last = next }
    unsafe last.pointee.next = others.first
  }

  /// Removes the first gap.
  @inlinable
  mutating func removeFirst() -> Gap<Partial> {
    let memory = unsafe first!
    let gap = unsafe memory.move()
    unsafe memory.deallocate()
    unsafe first = gap.next
    return unsafe gap
  }

  /// Changes the result of what comes behind the last gap.
  @inlinable
  func modifyResultOfLast(_ body: (inout Partial) -> Void) {
    var last = unsafe first!
    while let next = unsafe last.pointee.next { unsafe last = next }
    unsafe body(&last.pointee.after)
  }
}
