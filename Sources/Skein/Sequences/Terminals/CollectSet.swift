extension Set where Element: Sendable {
  /// The elements of a parallel sequence; of elements that are equal, the first.
  ///
  /// Each thread puts its elements into a table of its own, as long as many of them are equal. If they turn out distinct, nobody but the last
  /// table can hold them, and then the threads only make them, and the calling thread inserts them.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, and about twice as many insertions as there are distinct elements.
  @inlinable
  @inline(__always)
  public init<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure) where P.Element == Element {
    let isAlone = elements.isRunAsOne
    let capacity = isAlone ? elements.knownCount ?? 0 : 0
    let pieces = try elements.reducePieces(
      start: { _ in SetPiece<Element>(capacity: capacity, mayGiveUp: !isAlone) },
      fold: { (element, piece) throws(P.Failure) in
        piece.insert(element)
        return true
      }, combine: nil)
    self = SetPiece.united(pieces)
  }
}

/// The distinct ones of some neighbouring elements, and further ones that have not been looked at.
@usableFromInline
struct SetPiece<Element: Hashable> {
  @usableFromInline var distinct: Set<Element>
  @usableFromInline var rest: [Element] = []
  @usableFromInline var seen = 0
  /// How many distinct elements there may be until it asks again whether most are equal; zero once they were not.
  @usableFromInline var limit: Int

  @inlinable
  init(capacity: Int, mayGiveUp: Bool) {
    distinct = Set(minimumCapacity: capacity)
    limit = mayGiveUp ? 4096 : .max
  }

  @inlinable
  @inline(__always)
  mutating func insert(_ element: Element) {
    seen &+= 1
    if _fastPath(distinct.count < limit) { distinct.insert(element) } else { insertBeyondLimit(element) }
  }

  @inlinable
  @inline(never)
  mutating func insertBeyondLimit(_ element: Element) {
    if limit > 0, seen / 4 >= limit {
      limit *= 2
      distinct.insert(element)
    } else {
      limit = 0
      rest.append(element)
    }
  }

  /// All elements of neighbouring pieces.
  @inlinable
  static func united(_ pieces: consuming [SetPiece]) -> Set<Element> {
    if pieces.isEmpty { return [] }
    var all = pieces[0].distinct
    let rest = pieces.reduce(0) { $0 + $1.rest.count }
    pieces[0].distinct = []
    if rest > 0 { all.reserveCapacity(all.count + rest) }
    for piece in pieces {
      all.formUnion(piece.distinct)
      for element in piece.rest { all.insert(element) }
    }
    return all
  }
}

extension ParallelSequence {
  /// Whether one thread is to run the whole loop, as one piece.
  @inlinable var isRunAsOne: Bool {
    plan.blocks == .none && !Self.isSupplied && (plan.pool ?? .current ?? .shared).threadCount == 1
  }
}
