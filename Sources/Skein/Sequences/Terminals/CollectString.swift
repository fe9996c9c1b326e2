extension String {
  /// Creates a string of the characters of a parallel sequence, in order.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*); span O(*n*) for concatenating what the threads have made, which is a copy of memory.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(_ characters: borrowing P) throws(P.Failure) where P.Element == Character {
    self = String(
      pieces: try characters.reducePieces(
        start: { _ in "" },
        fold: { (character, text) throws(P.Failure) in
          text.append(character)
          return true
        }, combine: nil))
  }

  /// Creates a string of the scalars of a parallel sequence, in order; otherwise like the initialiser for characters.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(_ scalars: borrowing P) throws(P.Failure) where P.Element == Unicode.Scalar {
    self = String(
      pieces: try scalars.reducePieces(
        start: { _ in "" },
        fold: { (scalar, text) throws(P.Failure) in
          text.unicodeScalars.append(scalar)
          return true
        }, combine: nil))
  }

  /// Creates a string by concatenating the texts of a parallel sequence, in order; otherwise like the initialiser for
  /// characters.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(_ texts: borrowing P) throws(P.Failure) where P.Element: StringProtocol {
    self = String(
      pieces: try texts.reducePieces(
        start: { _ in "" },
        fold: { (part, text) throws(P.Failure) in
          text.append(contentsOf: part)
          return true
        }, combine: nil))
  }

  /// Appends the characters of a parallel sequence, in order.
  /// - Throws: The error of the first element in order whose closures throw; then nothing has been appended.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func append<P: ParallelSequence>(contentsOf characters: borrowing P) throws(P.Failure)
  where P.Element == Character {
    append(try String(characters))
  }

  /// Appends the texts of a parallel sequence, in order; otherwise like the form for characters.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func append<P: ParallelSequence>(contentsOf texts: borrowing P) throws(P.Failure)
  where P.Element: StringProtocol {
    append(try String(texts))
  }

  @inlinable
  init(pieces: [String]) {
    if pieces.count == 1 {
      self = pieces[0]
      return
    }
    self = ""
    reserveCapacity(pieces.reduce(0) { $0 + $1.utf8.count })
    for piece in pieces { append(piece) }
  }
}
