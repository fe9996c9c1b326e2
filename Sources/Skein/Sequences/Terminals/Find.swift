/// Looks for the first element that satisfies a condition.
@usableFromInline
struct FindBody<Base: ParallelSequence>: LoopBody {
  @usableFromInline typealias Failure = Base.Failure
  /// The element, and the first position of the batch in which it was found.
  @usableFromInline typealias Partial = (position: Int, element: Base.Element)?

  @usableFromInline let base: Base
  @usableFromInline let isWanted: @Sendable (Base.Element) -> Bool

  @inlinable
  init(_ base: Base, _ isWanted: @escaping @Sendable (Base.Element) -> Bool) {
    self.base = base
    self.isWanted = isWanted
  }

  @inlinable
  func makePartial() -> Partial { nil }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>) {
    if partial != nil { return }
    var found: Base.Element?
    do throws(Failure) {
      _ = try base.forward(units) { element in
        guard isWanted(element) else { return true }
        found = element
        return false
      }
    } catch {
      control.note(error, at: units.lowerBound)
    }
    if let found {
      partial = (units.lowerBound, found)
      control.finish(after: units.lowerBound)
    }
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    if left == nil { left = right }
  }
}

extension ParallelSequence {
  /// The first element in order that satisfies a condition, or nil.
  ///
  /// Elements after it are not begun any more once it is found; elements before it still run, since one of them might be first.
  /// If what satisfies the condition is likely to come early, `inGrowingBlocks()` saves work.
  /// - Throws: The error of the first element in order whose closures throw, if the answer does not come before it.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @inlinable
  public func first(where isWanted: @Sendable (Element) -> Bool) throws(Failure) -> Element? where Element: Sendable {
    let control = LoopControl<Failure>(plan)
    let found = withoutActuallyEscaping(isWanted) { isWanted in
      runLoop(FindBody(self, isWanted), control, count: positionCount, plan: plan)
    }
    try control.throwFirst(before: found?.position ?? .max)
    return found?.element
  }

  /// As `first(where:)`, with a closure that may throw.
  @inlinable
  @_disfavoredOverload
  public func first<E>(
    where isWanted: @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    let control = LoopControl<E>(plan)
    let found = withoutActuallyEscaping(isWanted) { isWanted in
      let tested = filter(isWanted)
      return runLoop(FindBody(tested, { _ in true }), control, count: positionCount, plan: plan)
    }
    try control.throwFirst(before: found?.position ?? .max)
    return found?.element
  }

  /// Whether some element satisfies a condition. Ends soon after one is found.
  ///
  /// - Throws: The error that the sequential search would have thrown.
  /// - Complexity: As `first(where:)`.
  @inlinable
  public func contains(where isWanted: @Sendable (Element) -> Bool) throws(Failure) -> Bool {
    let control = LoopControl<Failure>(plan)
    let found = withoutActuallyEscaping(isWanted) { isWanted in
      let tested = map(isWanted)
      return runLoop(FindBody(tested, { $0 }), control, count: positionCount, plan: plan)
    }
    try control.throwFirst(before: found?.position ?? .max)
    return found != nil
  }

  /// As `contains(where:)`, with a closure that may throw.
  @inlinable
  @_disfavoredOverload
  public func contains<E>(
    where isWanted: @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never {
    let control = LoopControl<E>(plan)
    let found = withoutActuallyEscaping(isWanted) { isWanted in
      let tested = map(isWanted)
      return runLoop(FindBody(tested, { $0 }), control, count: positionCount, plan: plan)
    }
    try control.throwFirst(before: found?.position ?? .max)
    return found != nil
  }

  /// Whether every element satisfies a condition. Ends soon after one is found that does not.
  /// - Throws: The error that the sequential search would have thrown.
  /// - Complexity: As `first(where:)`.
  @inlinable
  public func allSatisfy(_ condition: @Sendable (Element) -> Bool) throws(Failure) -> Bool {
    try !contains { !condition($0) }
  }

  /// As `allSatisfy`, with a closure that may throw.
  @inlinable
  @_disfavoredOverload
  public func allSatisfy<E>(
    _ condition: @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never {
    try !contains { (element) throws(E) in try !condition(element) }
  }
}

extension ParallelSequence where Element: Equatable & Sendable {
  /// Whether some element equals `wanted`. Ends soon after one is found.
  @inlinable
  public func contains(_ wanted: Element) throws(Failure) -> Bool {
    try contains { $0 == wanted }
  }
}
