extension Array {
  /// The elements of a parallel sequence, in order.
  ///
  /// If their number is known, each is written straight to its place; otherwise every piece of the loop gathers its own, and they
  /// are moved once at the end, in parallel when they are many.
  ///
  /// - Throws: The error of the first element in order whose closures throw. What was made until then is destroyed.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls.
  // Borrowed: an argument that an initialiser owns lives in memory, where the optimiser loses sight of the chain's closures.
  @inlinable
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
  /// If their number is known, each is written straight to its place behind the others.
  /// - Throws: As `init(_:)`; then the array is as before.
  /// - Complexity: As `init(_:)`, and O(`count`) if the array's memory is not its own or has no room for so many more.
  @inlinable
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
  /// The elements of a parallel sequence, in order; otherwise as the initialiser of `Array`, whose memory it takes over.
  @inlinable
  @inline(__always)
  public init<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure)
  where P.Element == Element, Element: Sendable {
    self.init(try Array(elements))
  }
}

extension ArraySlice {
  /// The elements of a parallel sequence, in order; otherwise as the initialiser of `Array`, whose memory it takes over.
  @inlinable
  @inline(__always)
  public init<P: ParallelSequence>(_ elements: borrowing P) throws(P.Failure)
  where P.Element == Element, Element: Sendable {
    self.init(try Array(elements))
  }
}

extension Array where Element: Sendable {
  /// An array of `parallelCount` elements, each of which a closure makes of its index, on several threads at once, in place.
  ///
  ///     let table = Array(parallelCount: 1 << 20) { sin(Double($0)) }
  ///
  /// - Precondition: `parallelCount` is not negative.
  /// - Throws: The error of the first index for which the closure throws. What was made until then is destroyed.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @inlinable
  @inline(__always)
  public init<E>(
    parallelCount count: Int, _ makeElement: @escaping @Sendable (_ index: Int) throws(E) -> Element
  ) throws(E) {
    require(count >= 0, "an array has at least 0 elements, not \(count)")
    self = try (0..<count).parallel.map(makeElement).collectInPlace(count: count)
  }
}
