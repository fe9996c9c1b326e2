// Few elements are looked up one after the other. Many are dealt out to buckets by their hash values, with their positions, and each bucket
// is looked through by itself: equal elements are in the same one, in order. Then the first ones are taken out, in order.

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
    firstOfEachKey(try Array(self), plan: plan, key: { $0 }, element: { $0 })
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
    firstOfEachKey(try Array(map { KeyedElement(key($0), $0) }), plan: plan, key: { $0.key }, element: { $0.element })
  }

  /// As `uniqued(on:)`, with a key that may throw.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func uniqued<Key: Hashable & Sendable, E>(
    on key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> [Element] where Failure == Never {
    let elements = try Array(map { (element) throws(E) in KeyedElement(try key(element), element) })
    return firstOfEachKey(elements, plan: plan, key: { $0.key }, element: { $0.element })
  }
}

@inlinable
func firstOfEachKey<Source: Sendable, Key: Hashable & Sendable, Element: Sendable>(
  _ sources: [Source], plan: LoopPlan, key: @Sendable (Source) -> Key,
  element: @escaping @Sendable (Source) -> Element
) -> [Element] {
  let pool = plan.pool ?? .current ?? .shared
  guard sources.count >= 1 << 16, pool.threadCount > 1 else {
    var seen: Set<Key> = []
    return sources.compactMap { seen.insert(key($0)).inserted ? element($0) : nil }
  }
  let order = HashOrder(count: sources.count)
  // SAFETY: each flag is written by the part that has its element's bucket, and read when all of them are done.
  nonisolated(unsafe) let isFirst = UnsafeMutablePointer<Bool>.allocate(capacity: sources.count)
  defer { unsafe isFirst.deallocate() }
  let positions = Array(0..<sources.count)
  withBuckets(
    [positions], bucketCount: order.bucketCount, plan: LoopPlan(pool: plan.pool),
    bucket: { order.bucket(of: key(sources[$0])) }
  ) { dealt in
    forEachPart(0..<order.bucketCount) { bucket in
      var seen: Set<Key> = []
      for place in dealt.range(of: bucket) {
        let position = dealt.move(place)
        unsafe (isFirst + position).initialize(to: seen.insert(key(sources[position])).inserted)
      }
    }
  }
  let firsts = ParallelElements(0..<sources.count, plan: LoopPlan(pool: pool)).filter { unsafe isFirst[$0] }
  return Array(firsts.map { element(sources[$0]) })
}
