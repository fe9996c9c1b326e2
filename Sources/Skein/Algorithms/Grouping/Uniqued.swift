// Each piece of the loop keeps the first of its elements with each key, or all of them once most keys turn out
// distinct. If few elements have been kept, the calling thread filters them. If many, they are scattered with their
// positions to buckets by hash value, and each bucket is filtered by itself: elements with equal keys are in the same
// bucket, in order.

extension ParallelSequence where Element: Hashable & Sendable {
  /// Returns the distinct elements, in the order of their first occurrences.
  ///
  ///     let visitors = log.parallel.map(\.user).uniqued()
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, and as many insertions as one of at most 2048 buckets
  ///   of hash values has elements. Scratch: *n* elements and positions.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func uniqued() throws(Failure) -> [Element] {
    try firstOfEachKey(key: { $0 }, element: { $0 })
  }
}

extension ParallelSequence where Element: Sendable {
  /// Returns the elements whose key no element before them has, in order.
  ///
  ///     let firstOrders = orders.parallel.uniqued { $0.customer }
  ///
  /// Otherwise like `uniqued()`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func uniqued<Key: Hashable & Sendable>(
    on key: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> [Element] {
    try map { KeyedElement(key($0), $0) }.firstOfEachKey(key: { $0.key }, element: { $0.element })
  }

  /// Like `uniqued(on:)`, with a key that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func uniqued<Key: Hashable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> [Element] where Failure == Never {
    try map { (element) throws(E) in KeyedElement(try key(element), element) }
      .firstOfEachKey(key: { $0.key }, element: { $0.element })
  }
}

/// The first element with each key among some neighbouring ones, and further elements that have not been checked.
@usableFromInline
struct FirstsPiece<Key: Hashable, Element> {
  @usableFromInline var seen: Set<Key> = []
  @usableFromInline var kept: [Element] = []
  @usableFromInline var giveUp: TableLimit

  @inlinable
  init(count: Int?, mayGiveUp: Bool) { giveUp = TableLimit(count: count, mayGiveUp: mayGiveUp, isOnly: false) }

  @inlinable
  @inline(__always)
  mutating func add(_ element: Element, _ key: Key) {
    if giveUp.isReached(by: seen.count) || seen.insert(key).inserted { kept.append(element) }
  }
}

extension ParallelSequence where Element: Sendable {
  @_alwaysEmitIntoClient
  @inline(__always)
  func firstOfEachKey<Key: Hashable & Sendable, First: Sendable>(
    key: @escaping @Sendable (Element) -> Key, element: @escaping @Sendable (Element) -> First
  ) throws(Failure) -> [First] {
    let mayGiveUp = !isRunAsOne
    let pieces = try reducePieces(
      start: { [knownCount] _ in FirstsPiece<Key, Element>(count: knownCount, mayGiveUp: mayGiveUp) },
      fold: { (element, piece) throws(Failure) in
        piece.add(element, key(element))
        return true
      }, combine: nil)
    return firsts(of: pieces, plan: plan, key: key, element: element)
  }
}

@inlinable
func firsts<Source: Sendable, Key: Hashable & Sendable, Element: Sendable>(
  of pieces: consuming [FirstsPiece<Key, Source>], plan: LoopPlan, key: @Sendable (Source) -> Key,
  element: @escaping @Sendable (Source) -> Element
) -> [Element] {
  if pieces.count == 1, pieces[0].giveUp.limit > 0 { return pieces[0].kept.map(element) }
  let sources = Array(pieces.map(\.kept).joined())
  pieces = []
  guard HashOrder.paysForFolding(of: Key.self, sources.count) else {
    var seen: Set<Key> = []
    return sources.compactMap { seen.insert(key($0)).inserted ? element($0) : nil }
  }
  let order = HashOrder(count: sources.count)
  // SAFETY: each flag is written by the part that owns its element's bucket, and read when all parts are done.
  nonisolated(unsafe) let isFirst = UnsafeMutablePointer<Bool>.allocate(capacity: sources.count)
  defer { unsafe isFirst.deallocate() }
  withBuckets(
    [sources], bucketCount: order.bucketCount, plan: plan, bucket: { order.bucket(of: key($0)) },
    deal: { (key($0), $1) }
  ) { dealt in
    forEachPart(0..<order.bucketCount) { bucket in
      let range = dealt.range(of: bucket)
      var seen: Set<Key> = Set(minimumCapacity: min(range.count, 4096))
      for place in range {
        let (key, position) = dealt.move(place)
        unsafe (isFirst + position).initialize(to: seen.insert(key).inserted)
      }
    }
  }
  let all = ParallelIntegers(0..<sources.count, plan: LoopPlan(pool: plan.pool))
  return Array(all.compactMap { unsafe isFirst[$0] ? element(sources[$0]) : nil })
}
