/// Looks for the last element that a leaf passes on: a unit is a position counted from the end.
@usableFromInline
struct FindLastBody<Element, Failure: Error>: LoopBody {
  /// As in `FindBody`.
  @usableFromInline typealias Partial = (unit: Int, elements: [Element])?

  @usableFromInline let leaf: BoundLeaf<Element?, Failure>
  @usableFromInline let positionCount: Int

  @inlinable
  init(_ leaf: BoundLeaf<Element?, Failure>, positionCount: Int) {
    self.leaf = leaf
    self.positionCount = positionCount
  }

  @inlinable
  func makePartial() -> Partial { nil }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    if partial != nil { return units.upperBound }
    return watch.forEach(in: units) { unit in
      let position = positionCount - 1 - unit
      var found: Element?
      guard leaf.runWhole(position..<position + 1, &found, control, at: unit) else { return false }
      guard let found else { return true }
      partial = (unit, [found])
      control.finish(after: unit)
      return false
    }
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    if left == nil { left = right }
  }
}

/// Keeps the last element that a leaf passes on.
@usableFromInline
struct KeepLastBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = [Element]

  @usableFromInline let leaf: BoundLeaf<Element?, Failure>

  @inlinable
  init(_ leaf: BoundLeaf<Element?, Failure>) { self.leaf = leaf }

  @inlinable
  func makePartial() -> Partial { [] }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    var last: Element?
    let reached = leaf.run(units, &last, control, &watch)
    if let last { partial = [last] }
    return reached ?? units.upperBound
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    if !right.isEmpty { left = right }
  }
}

extension ParallelSequence {
  /// Returns the last element, or nil if there is none. Positions are visited from the last to the first, unless their
  /// number is not known.
  @_alwaysEmitIntoClient
  @inline(__always)
  func findLast() throws(Failure) -> Element? {
    let control = LoopControl<Failure>(plan)
    if Self.isSupplied {
      let last = withLeaf(keepLast) { leaf in unsafe runUnits(KeepLastBody(leaf), control, from: leaf.source) }
      try control.throwFirst()
      return last.last
    }
    let (count, plan) = (positionCount, plan)
    let found = withLeaf(keepLast) { leaf in
      runLoop(FindLastBody(leaf, positionCount: count), control, count: count, plan: plan)
    }
    try control.throwFirst(before: found?.unit ?? .max)
    return found?.elements.first
  }

  @inlinable
  @inline(__always)
  var keepLast: (Element, inout Element?) throws(Failure) -> Bool {
    { element, last in
      last = element
      return true
    }
  }

  /// Returns the last element in order that satisfies a condition, or nil.
  ///
  /// The search begins at the end, as that of a collection does; elements before a match are not begun any more once it
  /// is found. Only a plain `Sequence`, whose end is not known, is traversed from its beginning, as a whole.
  /// - Throws: The error of the last element for which a closure throws, unless the result comes after it. (For a plain
  ///   `Sequence`, the error of the first one.)
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func last(
    where isWanted: @escaping @Sendable (Element) -> Bool
  ) throws(Failure) -> Element? where Element: Sendable {
    try filter(isWanted).findLast()
  }

  /// Like `last(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func last<E>(
    where isWanted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try filter(isWanted).findLast()
  }

  /// Returns the last non-nil result of a closure, or nil; otherwise like `last(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lastNonNil<T: Sendable>(_ transform: @escaping @Sendable (Element) -> T?) throws(Failure) -> T? {
    try compactMap(transform).findLast()
  }

  /// Like `lastNonNil`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func lastNonNil<T: Sendable, E>(
    _ transform: @escaping @Sendable (Element) throws(E) -> T?
  ) throws(E) -> T? where Failure == Never {
    try compactMap(transform).findLast()
  }

  /// Returns the last element, or nil if there is none; otherwise like `last(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func last() throws(Failure) -> Element? where Element: Sendable { try findLast() }
}

// A collection is asked for each element from the last one on, which the optimiser turns into one loop.
extension ParallelCollection {
  /// Returns the last element in order that satisfies a condition, or nil; otherwise like `last(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func last(
    where isWanted: @escaping @Sendable (Element) -> Bool
  ) throws(Failure) -> Element? where Element: Sendable {
    try reversed().filter(isWanted).findFirst()
  }

  /// Like `last(where:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func last<E>(
    where isWanted: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try reversed().filter(isWanted).findFirst()
  }

  /// Returns the last non-nil result of a closure, or nil; otherwise like `last(where:)`.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func lastNonNil<T: Sendable>(_ transform: @escaping @Sendable (Element) -> T?) throws(Failure) -> T? {
    try reversed().compactMap(transform).findFirst()
  }

  /// Like `lastNonNil`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func lastNonNil<T: Sendable, E>(
    _ transform: @escaping @Sendable (Element) throws(E) -> T?
  ) throws(E) -> T? where Failure == Never {
    try reversed().compactMap(transform).findFirst()
  }

  /// Returns the last element, or nil if there is none. No closure is called for others.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func last() throws(Failure) -> Element? where Element: Sendable { try suffix(1).findFirst() }

  /// Returns the first element, or nil if there is none. No closure is called for others.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func first() throws(Failure) -> Element? where Element: Sendable { try prefix(1).findFirst() }
}
