extension Array {
  /// Creates an array of the elements of a parallel sequence, in order.
  ///
  /// If their number is known, each is written straight to its place; otherwise every piece of the loop gathers its own
  /// elements, which are moved once at the end, in parallel if there are many.
  ///
  /// - Throws: The error of the first element in order whose closures throw. Elements made before it are destroyed.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls.
  // Borrowed: an argument that an initialiser owns lives in memory, and the optimiser no longer sees the chain's
  // closures.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure)
  where P.Element == Element, Element: Sendable {
    self =
      if let count = elements.knownCount {
        try elements.collectInPlace(count: count)
      } else {
        try elements.gather()
      }
  }

  /// Appends the elements of a parallel sequence, in order.
  ///
  /// If their number is known, each is written straight to its place behind the existing ones.
  /// - Throws: As for `init(_:)`; the array is then unchanged.
  /// - Complexity: As for `init(_:)`, and O(`count`) if the array's memory is shared or has no room for the new
  ///   elements.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func append<P: ParallelSequence>(
    contentsOf elements: P
  ) throws(P.Failure) where P.Element == Element, Element: Sendable {
    if let count = elements.knownCount {
      try elements.collect(count: count, behind: &self)
    } else if isEmpty {
      self = try elements.gather()
    } else {
      append(contentsOf: try elements.gather())
    }
  }
}

extension ContiguousArray {
  /// Creates a contiguous array of the elements of a parallel sequence, in order; it takes over the memory of an
  /// `Array`, whose initialiser has the details.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure)
  where P.Element == Element, Element: Sendable {
    self.init(try Array(elements))
  }

  /// Appends the elements of a parallel sequence, in order; otherwise like `append(contentsOf:)` of an array.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func append<P: ParallelSequence>(contentsOf elements: P) throws(P.Failure)
  where P.Element == Element, Element: Sendable {
    append(contentsOf: try [Element](elements))
  }
}

extension ArraySlice {
  /// Creates an array slice of the elements of a parallel sequence, in order; it takes over the memory of an `Array`,
  /// whose initialiser has the details.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure)
  where P.Element == Element, Element: Sendable {
    self.init(try Array(elements))
  }
}

extension Array where Element: Sendable {
  /// Creates an array of `parallelCount` elements, each of which a closure makes from its index, on several threads at
  /// once, in place.
  ///
  ///     let table = Array(parallelCount: 1 << 20) { sin(Double($0)) }
  ///
  /// - Precondition: `parallelCount` is not negative.
  /// - Throws: The error of the first index for which the closure throws. Elements made before it are destroyed.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<E>(
    parallelCount count: Int, _ makeElement: @escaping @Sendable (_ index: Int) throws(E) -> Element
  ) throws(E) {
    require(count >= 0, "an array has at least 0 elements, not \(count)")
    self = try (0..<count).parallel.map(makeElement).collectInPlace(count: count)
  }
}
