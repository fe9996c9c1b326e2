extension Set where Element: Sendable {
  /// The elements of a parallel sequence.
  ///
  /// Each thread fills a table of its own, and the smaller of two goes into the larger one. So threads help most where many elements are equal;
  /// where none are, what takes the time is the last table.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) insertions; span O(log *n*), the longest of the calls, and as many insertions as there are distinct elements.
  @inlinable
  @inline(__always)
  public init<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure) where P.Element == Element {
    let share = elements.expectedShare
    self =
      try elements.reducePieces(
        start: { position in Set(minimumCapacity: position == 0 ? share : 0) },
        fold: { (element, set) throws(P.Failure) in
          set.insert(element)
          return true
        },
        combine: { (left, right) throws(P.Failure) in left.unite(with: right) }
      ).first ?? []
  }

  /// Takes in the elements of a set that stands behind this one: of two that are equal, the one in this set stays.
  @inlinable
  mutating func unite(with right: consuming Set) {
    if right.count > count {
      for element in self { right.update(with: element) }
      self = right
    } else {
      for element in right { insert(element) }
    }
  }
}

extension ParallelSequence {
  /// How many elements a thread may expect: what tables make room for.
  @inlinable var expectedShare: Int {
    guard let count = knownCount else { return 0 }
    let threads = (plan.pool ?? .current ?? .shared).threadCount
    return count / threads
  }
}
