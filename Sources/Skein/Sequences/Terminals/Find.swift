/// Looks for the first element that a leaf passes on, or for any.
@usableFromInline
struct FindBody<Element, Failure: Error>: LoopBody {
  /// The element, and the first position of the batch in which it was found. Not on the stack, where the frames of a
  /// piece and its halves add up.
  @usableFromInline typealias Partial = (position: Int, elements: [Element])?

  @usableFromInline let leaf: BoundLeaf<Element?, Failure>
  /// Whether any element will do: then everything stops when one is found, including the elements before it.
  @usableFromInline let isAny: Bool

  @inlinable
  init(_ leaf: BoundLeaf<Element?, Failure>, isAny: Bool) {
    self.leaf = leaf
    self.isAny = isAny
  }

  @inlinable
  func makePartial() -> Partial { nil }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    if partial != nil { return units.upperBound }
    var found: Element?
    let reached = leaf.run(units, &found, control, &watch)
    if let found {
      partial = (units.lowerBound, [found])
      if isAny { control.finishEverywhere() } else { control.finish(after: units.lowerBound) }
    }
    return reached ?? units.upperBound
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    if left == nil { left = right }
  }
}

extension ParallelSequence {
  /// Returns the first element, or any, or nil if there is none.
  @_alwaysEmitIntoClient
  @inline(__always)
  func findFirst(isAny: Bool = false) throws(Failure) -> Element? {
    let control = LoopControl<Failure>(plan)
    let found = withLeaf { (element, found: inout Element?) throws(Failure) in
      found = element
      return false
    } run: { leaf in
      unsafe runUnits(FindBody(leaf, isAny: isAny), control, from: leaf.source)
    }
    try control.throwFirst(before: found.map { isAny ? 0 : $0.position } ?? .max)
    return found?.elements.first
  }

  /// Returns the first element in order that satisfies a condition, or nil.
  ///
  /// Elements after it are not begun any more once it is found; elements before it still run, since one of them might
  /// satisfy the condition. If a match is likely to come early, `inGrowingBlocks()` saves work.
  ///
  /// Until then the closure is called for elements after it, too, which a sequential search would never reach: it must
  /// not trap on them.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func first(
    where isWanted: @escaping @Sendable (Element) -> Bool
  ) throws(Failure) -> Element? where Element: Sendable {
    try filter(isWanted).findFirst()
  }

  /// Like `first(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func first<E>(
    where isWanted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try filter(isWanted).findFirst()
  }

  /// Returns the first non-nil result of a closure, or nil; otherwise like `first(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func firstNonNil<T: Sendable>(_ transform: @escaping @Sendable (Element) -> T?) throws(Failure) -> T? {
    try compactMap(transform).findFirst()
  }

  /// Like `firstNonNil`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func firstNonNil<T: Sendable, E>(
    _ transform: @escaping @Sendable (Element) throws(E) -> T?
  ) throws(E) -> T? where Failure == Never {
    try compactMap(transform).findFirst()
  }

  /// Returns the first element, or nil if there is none; otherwise like `first(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func first() throws(Failure) -> Element? where Element: Sendable { try findFirst() }

  /// Returns whether some element satisfies a condition. Ends soon after one is found.
  ///
  /// - Throws: The error that the sequential search would throw.
  /// - Complexity: As for `first(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func contains(where isWanted: @escaping @Sendable (Element) -> Bool) throws(Failure) -> Bool {
    try compactMap { isWanted($0) ? true : nil }.findFirst() ?? false
  }

  /// Like `contains(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func contains<E>(
    where isWanted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never {
    try map(isWanted).contains { $0 }
  }

  /// Returns whether every element satisfies a condition. Ends soon after one is found that does not.
  /// - Throws: The error that the sequential search would throw.
  /// - Complexity: As for `first(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func allSatisfy(_ condition: @escaping @Sendable (Element) -> Bool) throws(Failure) -> Bool {
    try !contains { !condition($0) }
  }

  /// Like `allSatisfy`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func allSatisfy<E>(
    _ condition: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never {
    try map(condition).allSatisfy { $0 }
  }
}

extension ParallelSequence where Element: Equatable & Sendable {
  /// Returns whether some element equals `wanted`. Ends soon after one is found.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func contains(_ wanted: Element) throws(Failure) -> Bool {
    try contains { $0 == wanted }
  }
}
