// Work O(k log n) comparisons for k keys in n elements, span O(log k + log n). If keys are in order, the elements that
// they are compared with are in the cache.

extension ParallelElements {
  /// Returns for each of some keys its lower bound in these sorted elements: the number of elements that precede it.
  ///
  /// C++ calls this `lower_bound`, here for many keys at once; `upperBounds(of:by:)` returns where the equals of a key
  /// end.
  ///
  ///     let starts = table.parallel.lowerBounds(of: keys) { $0.time < $1 }
  ///
  /// - Parameters:
  ///   - keys: The keys to look for, in any order; ascending order is fastest.
  ///   - precedes: Whether an element comes before a key.
  /// - Returns: For each key, in order, the number of elements before the first that does not precede it.
  /// - Throws: The error of the first key in order whose calls throw.
  /// - Precondition: No element that precedes a key comes after one that does not. Otherwise the results are any
  ///   numbers from 0 to the count.
  /// - Complexity: Work O(*k* log *n*) calls for *k* keys; span O(log *k*) and log *n* calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lowerBounds<Keys: RandomAccessCollection & Sendable, E>(
    of keys: Keys, by precedes: @escaping @Sendable (Element, Keys.Element) throws(E) -> Bool
  ) throws(E) -> [Int] where Keys.Element: Sendable {
    let (base, count) = (base, positionCount)
    return try Array(
      keys.parallel(in: plan.pool).map { (key) throws(E) in
        try bisect(count) { (offset) throws(E) in
          try precedes(base[base.index(base.startIndex, offsetBy: offset)], key)
        }
      })
  }

  /// Returns for each of some keys its upper bound in these sorted elements: the number of elements that do not come
  /// after it. C++ calls this `upper_bound`.
  ///
  /// - Parameters:
  ///   - keys: The keys to look for, in any order; ascending order is fastest.
  ///   - precedes: Whether a key comes before an element.
  /// - Returns: For each key, in order, the number of elements before the first that it precedes.
  /// - Throws: The error of the first key in order whose calls throw.
  /// - Precondition: No element that a key precedes comes before one that it does not. Otherwise the results are any
  ///   numbers from 0 to the count.
  /// - Complexity: Work O(*k* log *n*) calls for *k* keys; span O(log *k*) and log *n* calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func upperBounds<Keys: RandomAccessCollection & Sendable, E>(
    of keys: Keys, by precedes: @escaping @Sendable (Keys.Element, Element) throws(E) -> Bool
  ) throws(E) -> [Int] where Keys.Element: Sendable {
    try lowerBounds(of: keys) { (element, key) throws(E) in try !precedes(key, element) }
  }
}

extension ParallelElements where Element: Comparable {
  /// Returns for each of some keys the number of elements less than it; the elements are sorted by `<`. See
  /// `lowerBounds(of:by:)`.
  ///
  ///     let ranks = sorted.parallel.lowerBounds(of: samples)
  ///
  /// Floating-point NaNs come last, as `sorted()` puts them; see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lowerBounds<Keys: RandomAccessCollection & Sendable>(of keys: Keys) -> [Int]
  where Keys.Element == Element {
    if hasNaNs(Element.self) { return lowerBounds(of: keys) { precedesNumbersFirst($0, $1) } }
    return lowerBounds(of: keys) { $0 < $1 }
  }

  /// Returns for each of some keys the number of elements not greater than it; the elements are sorted by `<`. See
  /// `upperBounds(of:by:)`.
  ///
  /// Floating-point NaNs come last, as `sorted()` puts them; see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func upperBounds<Keys: RandomAccessCollection & Sendable>(of keys: Keys) -> [Int]
  where Keys.Element == Element {
    if hasNaNs(Element.self) { return upperBounds(of: keys) { precedesNumbersFirst($0, $1) } }
    return upperBounds(of: keys) { $0 < $1 }
  }
}
