extension Set where Element: Sendable {
  /// Creates a set of the elements of a parallel sequence. Of equal elements it has the first.
  ///
  /// Each thread puts its elements into a table of its own, as long as many of them are equal. If they turn out
  /// distinct, the threads make and hash them, and the calling thread inserts them in the order of the hash table's
  /// buckets, which is faster than any other order.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, and about twice as many insertions as there are distinct elements.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure) where P.Element == Element {
    let isDirect = elements.isFoldedAsOne(keys: Element.self)
    let capacity = isDirect ? elements.knownCount ?? 0 : 0
    let pieces = try elements.reducePieces(
      start: { [count = elements.knownCount, isOnly = elements.isRunAsOne] _ in
        SetPiece<Element>(capacity: capacity, count: count, mayGiveUp: !isDirect, isOnly: isOnly)
      },
      fold: { (element, piece) throws(P.Failure) in
        piece.insert(element)
        return true
      }, combine: nil)
    self = SetPiece.united(pieces, plan: elements.plan)
  }

  /// Inserts the elements of a parallel sequence. Of equal elements the set keeps the one that it has, or else the first.
  /// - Throws: The error of the first element in order whose closures throw; then nothing has been inserted.
  /// - Complexity: As for the initialiser; and an insertion, on the calling thread, for each distinct element.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func formUnion<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure)
  where P.Element == Element {
    let new = try Set(elements)
    if isEmpty { self = new } else { formUnion(new) }
  }
}

/// The distinct elements among some neighbouring ones, and further elements that have not been checked.
@usableFromInline
struct SetPiece<Element: Hashable> {
  @usableFromInline var distinct: Set<Element>
  @usableFromInline var rest: [Element] = []
  @usableFromInline var giveUp: TableLimit

  @inlinable
  init(capacity: Int, count: Int?, mayGiveUp: Bool, isOnly: Bool) {
    distinct = Set(minimumCapacity: capacity)
    giveUp = TableLimit(count: count, mayGiveUp: mayGiveUp, isOnly: isOnly)
  }

  @inlinable
  @inline(__always)
  mutating func insert(_ element: Element) {
    if giveUp.isReached(by: distinct.count) { rest.append(element) } else { distinct.insert(element) }
  }

  /// All elements of neighbouring pieces; of equal ones, the first.
  @inlinable
  static func united(_ pieces: consuming [SetPiece], plan: LoopPlan) -> Set<Element> {
    if pieces.isEmpty { return [] }
    var all = pieces[0].distinct
    pieces[0].distinct = []
    let lists = pieces.flatMap { $0.distinct.isEmpty ? [$0.rest] : [Array($0.distinct), $0.rest] }
    pieces = []
    let count = lists.reduce(0) { $0 + $1.count }
    if count > 0 { all.reserveCapacity(all.count + count) }
    let order = HashOrder(of: all, hasValues: false, keys: Element.self, inserting: count)
    insertEach(of: lists, in: order, plan: plan, key: { $0 }) { all.insert($0) }
    return all
  }
}

extension ParallelSequence {
  /// Whether one thread is to run the whole loop, as one piece.
  @inlinable var isRunAsOne: Bool {
    plan.blocks == .none && !Self.isSupplied && (plan.pool ?? .current ?? .shared).threadCount == 1
  }

  /// The room to reserve in the table of a loop that runs as one piece, where many keys may be equal.
  @inlinable var tableCapacity: Int { Swift.min(knownCount ?? 0, 1 << 18) }

  /// Whether one thread runs the whole loop, and elements are best inserted into its table as they arrive.
  @inlinable
  func isFoldedAsOne<Key>(keys: Key.Type) -> Bool { isRunAsOne && !HashOrder.pays(for: keys, knownCount ?? .max) }
}
