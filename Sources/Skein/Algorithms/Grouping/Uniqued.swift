// Each piece of the loop keeps the first of its elements with each key, or all of them once most keys turn out distinct. What the pieces have
// kept is looked through on the calling thread; or, if it is much, dealt out to buckets by hash values, with places, and each bucket is looked
// through by itself: elements with equal keys are in the same one, in order.

extension ParallelSequence where Element: Hashable & Sendable {
  /// The distinct elements, in the order in which each first occurs.
  ///
  ///     let visitors = log.parallel.map(\.user).uniqued()
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, and as many insertions as one of at most 2048 buckets
  ///   of hash values has elements. Scratch: *n* elements and positions.
  @inlinable
  @inline(__always)
  public func uniqued() throws(Failure) -> [Element] {
    try firstOfEachKey(key: { $0 }, element: { $0 })
  }
}

extension ParallelSequence where Element: Sendable {
  /// The elements whose key no element before them has, in order.
  ///
  ///     let firstOrders = orders.parallel.uniqued { $0.customer }
  ///
  /// Otherwise as `uniqued()`.
  @inlinable
  @inline(__always)
  public func uniqued<Key: Hashable & Sendable>(
    on key: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> [Element] {
    try map { KeyedElement(key($0), $0) }.firstOfEachKey(key: { $0.key }, element: { $0.element })
  }

  /// As `uniqued(on:)`, with a key that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func uniqued<Key: Hashable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> [Element] where Failure == Never {
    try map { (element) throws(E) in KeyedElement(try key(element), element) }
      .firstOfEachKey(key: { $0.key }, element: { $0.element })
  }
}

/// Those of some neighbouring elements that are the first with their key, and further ones that have not been looked at.
@usableFromInline
struct FirstsPiece<Key: Hashable, Element> {
  @usableFromInline var seen: Set<Key> = []
  @usableFromInline var kept: [Element] = []
  @usableFromInline var giveUp: TableLimit

  @inlinable
  init(mayGiveUp: Bool) { giveUp = TableLimit(mayGiveUp: mayGiveUp) }

  @inlinable
  @inline(__always)
  mutating func add(_ element: Element, _ key: Key) {
    if giveUp.isReached(by: seen.count) || seen.insert(key).inserted { kept.append(element) }
  }
}

extension ParallelSequence where Element: Sendable {
  @inlinable
  @inline(__always)
  func firstOfEachKey<Key: Hashable & Sendable, First: Sendable>(
    key: @escaping @Sendable (Element) -> Key, element: @escaping @Sendable (Element) -> First
  ) throws(Failure) -> [First] {
    let mayGiveUp = !isRunAsOne
    let pieces = try reducePieces(
      start: { _ in FirstsPiece<Key, Element>(mayGiveUp: mayGiveUp) },
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
  guard HashOrder.pays(for: Key.self, sources.count) else {
    var seen: Set<Key> = []
    return sources.compactMap { seen.insert(key($0)).inserted ? element($0) : nil }
  }
  let order = HashOrder(count: sources.count)
  // SAFETY: each flag is written by the part that has its element's bucket, and read when all of them are done.
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
  let all = ParallelElements(0..<sources.count, plan: LoopPlan(pool: plan.pool))
  return Array(all.compactMap { unsafe isFirst[$0] ? element(sources[$0]) : nil })
}
