/// The pieces of a text between separators, in parallel.
public struct ParallelTextSplit<Failure: Error>: ParallelTextual {
  public typealias Element = Substring

  public let text: ParallelText
  @usableFromInline let omitsEmpty: Bool
  @usableFromInline let isSeparator: @Sendable (Character) throws(Failure) -> Bool

  @inlinable
  init(
    _ text: ParallelText, omitsEmpty: Bool, _ isSeparator: @escaping @Sendable (Character) throws(Failure) -> Bool
  ) {
    self.text = text
    self.omitsEmpty = omitsEmpty
    self.isSeparator = isSeparator
  }

  /// An empty piece may begin at the end of the text, which needs a position of its own.
  @inlinable public var positionCount: Int { text.positionCount + (omitsEmpty ? 0 : 1) }

  /// - Note: Besides the text, the source holds whether empty pieces are left out.
  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    text.withTextSource { source in
      unsafe withUnsafePointer(to: source) { source in
        let linked = unsafe LinkedSource(UnsafeRawPointer(source), omitsEmpty)
        return unsafe withUnsafePointer(to: linked) { unsafe body(UnsafeRawPointer($0)) }
      }
    }
  }

  /// The closures lent to a leaf.
  @usableFromInline
  struct Link: ~Copyable {
    @usableFromInline let isSeparator: (Character) throws(Failure) -> Bool

    @inlinable
    init(isSeparator: @escaping (Character) throws(Failure) -> Bool) { self.isSeparator = isSeparator }
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender {
    let isSeparator = isSeparator
    return { body in lend(Link(isSeparator: isSeparator), to: body) }
  }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let linked = unsafe source.linked(to: Bool.self)
    let (text, omitsEmpty) = unsafe (linked.pointee.base.text, linked.pointee.value)
    return closures.withLink(as: Link.self) { link in
      do throws(Failure) {
        var pieces = TextPieces(of: text)
        var start = try pieces.pieceStart(in: positions, link.isSeparator)
        while start < positions.upperBound {
          let separator = try pieces.separator(from: start, to: text.count, link.isSeparator)
          let piece = start..<separator.lowerBound
          if !(omitsEmpty && piece.isEmpty), !pieces.lend(piece, to: receive, &state) { return false }
          if separator.isEmpty { return true }
          start = separator.upperBound
        }
        return true
      } catch {
        fail(error, &state)
        return false
      }
    }
  }
}

extension ParallelText {
  /// Returns the pieces between characters that satisfy a condition, like the standard library's `split`; lazy and in
  /// order.
  ///
  /// - Parameters:
  ///   - omittingEmptySubsequences: Whether empty pieces, at the ends and between two separators, are left out.
  ///   - isSeparator: A pure function: two threads whose parts meet in the middle of a piece may both call it for the
  ///     same characters.
  @inlinable
  @inline(__always)
  public func split(
    omittingEmptySubsequences: Bool = true, whereSeparator isSeparator: @escaping @Sendable (Character) -> Bool
  ) -> ParallelTextSplit<Never> {
    ParallelTextSplit(self, omitsEmpty: omittingEmptySubsequences, isSeparator)
  }

  /// Like `split(omittingEmptySubsequences:whereSeparator:)`, with a closure that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func split<E>(
    omittingEmptySubsequences: Bool = true,
    whereSeparator isSeparator: @escaping @Sendable (Character) throws(E) -> Bool
  ) -> ParallelTextSplit<E> {
    ParallelTextSplit(self, omitsEmpty: omittingEmptySubsequences, isSeparator)
  }

  /// Returns the pieces between characters that equal `separator`, like the standard library's `split`; lazy and in
  /// order.
  /// - Parameters:
  ///   - separator: A character that belongs to no piece.
  ///   - omittingEmptySubsequences: Whether empty pieces, at the ends and between two separators, are left out.
  @inlinable
  @inline(__always)
  public func split(
    separator: Character, omittingEmptySubsequences: Bool = true
  ) -> ParallelTextSplit<Never> {
    split(omittingEmptySubsequences: omittingEmptySubsequences) { $0 == separator }
  }
}

extension TextPieces {
  /// Returns the first offset among some, which may be the end of the text, where a piece begins; the end of the
  /// offsets if none does.
  @inlinable
  @inline(__always)
  mutating func pieceStart<E: Error>(
    in offsets: Range<Int>, _ isSeparator: (Character) throws(E) -> Bool
  ) throws(E) -> Int {
    if offsets.lowerBound == 0 || offsets.isEmpty { return offsets.lowerBound }
    let start = text.characterBoundary(atOrAfter: offsets.lowerBound)
    if start >= offsets.upperBound { return offsets.upperBound }
    if try isSeparator(text.character(before: start)) { return start }
    let separator = try self.separator(from: start, to: offsets.upperBound, isSeparator)
    return separator.isEmpty ? offsets.upperBound : separator.upperBound
  }

  /// Returns the first separator that begins between two offsets, or an empty range at the end of the text if none
  /// does.
  /// - Parameter start: Where a character begins or the text ends.
  @inlinable
  @inline(__always)
  mutating func separator<E: Error>(
    from start: Int, to limit: Int, _ isSeparator: (Character) throws(E) -> Bool
  ) throws(E) -> Range<Int> {
    var offset = start
    while offset < limit && offset < text.count {
      let (character, next) = characterAndEnd(at: offset)
      if try isSeparator(character) { return offset..<next }
      offset = next
    }
    return text.count..<text.count
  }
}
