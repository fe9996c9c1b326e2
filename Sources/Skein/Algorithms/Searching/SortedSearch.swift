// Work O(k log n) comparisons for k keys in n elements, span O(log k + log n). Keys that come in order find the elements that they are compared
// with in the cache.

extension ParallelElements {
  /// Where each of some keys belongs in these elements, which are sorted: the number of elements that come before it.
  ///
  /// What C++ calls `lower_bound`, for many keys at once; `upperBounds(of:by:)` says where the equals of a key end.
  ///
  ///     let starts = table.parallel.lowerBounds(of: keys) { $0.time < $1 }
  ///
  /// - Parameters:
  ///   - keys: What is looked for, in any order; in ascending order it is fastest.
  ///   - precedes: Whether an element comes before a key.
  /// - Returns: For each key, in order, the number of elements before the first that does not precede it.
  /// - Throws: The error of the first key in order whose calls throw.
  /// - Precondition: No element that precedes a key stands behind one that does not. Otherwise the numbers are some from 0 to the count.
  /// - Complexity: Work O(*k* log *n*) calls for *k* keys; span O(log *k*) and log *n* calls.
  @inlinable
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

  /// Where each of some keys would be inserted behind its equals in these elements, which are sorted: the number of elements that do not come
  /// after it. What C++ calls `upper_bound`.
  ///
  /// - Parameters:
  ///   - keys: What is looked for, in any order; in ascending order it is fastest.
  ///   - precedes: Whether a key comes before an element.
  /// - Returns: For each key, in order, the number of elements before the first that it precedes.
  /// - Throws: The error of the first key in order whose calls throw.
  /// - Precondition: No element that a key precedes stands before one that it does not. Otherwise the numbers are some from 0 to the count.
  /// - Complexity: Work O(*k* log *n*) calls for *k* keys; span O(log *k*) and log *n* calls.
  @inlinable
  @inline(__always)
  public func upperBounds<Keys: RandomAccessCollection & Sendable, E>(
    of keys: Keys, by precedes: @escaping @Sendable (Keys.Element, Element) throws(E) -> Bool
  ) throws(E) -> [Int] where Keys.Element: Sendable {
    try lowerBounds(of: keys) { (element, key) throws(E) in try !precedes(key, element) }
  }
}

extension ParallelElements where Element: Comparable {
  /// The number of elements less than each of some keys; the elements are sorted by `<`. See `lowerBounds(of:by:)`.
  ///
  ///     let ranks = sorted.parallel.lowerBounds(of: samples)
  ///
  /// Floating-point values that are not numbers come last, as `sorted()` puts them; see <doc:Sorting>.
  @inlinable
  @inline(__always)
  public func lowerBounds<Keys: RandomAccessCollection & Sendable>(of keys: Keys) -> [Int]
  where Keys.Element == Element {
    if hasNaNs(Element.self) { return lowerBounds(of: keys) { precedesNumbersFirst($0, $1) } }
    return lowerBounds(of: keys) { $0 < $1 }
  }

  /// The number of elements not greater than each of some keys; the elements are sorted by `<`. See `upperBounds(of:by:)`.
  ///
  /// Floating-point values that are not numbers come last, as `sorted()` puts them; see <doc:Sorting>.
  @inlinable
  @inline(__always)
  public func upperBounds<Keys: RandomAccessCollection & Sendable>(of keys: Keys) -> [Int]
  where Keys.Element == Element {
    if hasNaNs(Element.self) { return upperBounds(of: keys) { precedesNumbersFirst($0, $1) } }
    return upperBounds(of: keys) { $0 < $1 }
  }
}
