extension ParallelSequence where Element: Sendable {
  /// Returns the elements grouped by a key, in ascending order of the keys; the elements of a key are in order.
  ///
  ///     for (month, bookings) in bookings.parallel.sortedGroups(by: { $0.month }) { … }
  ///
  /// The elements are sorted by their keys, which need not be hashable, and then cut where a key ends. Floating-point
  /// NaN keys come last and count as one key.
  ///
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: As for `sorted(on:)`; span also O(number of groups) and the longest group. Scratch: *n* elements and
  ///   keys.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func sortedGroups<Key: Comparable & Sendable>(
    by key: @escaping @Sendable (Element) -> Key
  ) throws(Failure) -> [(key: Key, value: [Element])] {
    try map { KeyedElement(key($0), $0) }.groupsOfSorted()
  }

  /// Like `sortedGroups(by:)`, with a key that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func sortedGroups<Key: Comparable & Sendable, E>(
    by key: @escaping @Sendable (Element) throws(E) -> Key
  ) throws(E) -> [(key: Key, value: [Element])] where Failure == Never {
    try map { (element) throws(E) in KeyedElement(try key(element), element) }.groupsOfSorted()
  }

  @_alwaysEmitIntoClient
  @inline(__always)
  func groupsOfSorted<Key: Comparable & Sendable, Value: Sendable>() throws(Failure) -> [(key: Key, value: [Value])]
  where Element == KeyedElement<Key, Value> {
    let pool = plan.pool
    let sorted = try sorted(on: { $0.key })
    let groups = sorted.parallel(in: pool).chunked { !precedesNumbersFirst($0.key, $1.key) }
    return Array(groups.map { group in (key: group.first!.key, value: group.map { $0.element }) })
  }
}
