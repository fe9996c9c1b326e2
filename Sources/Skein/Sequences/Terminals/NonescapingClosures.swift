/// Tells apart the forms of terminals whose closures do not escape. It is never passed.
///
/// A closure that a function has as a parameter, and that is not marked as escaping, can be passed to `forEach`,
/// `reduce`, `contains(where:)`, `allSatisfy`, `first(where:)`, `count(where:)`, `sort(by:)` and `modifyEach`, also by chunk
/// and with numbers:
///
///     func visit(_ body: @Sendable (Int) -> Void) { numbers.parallel.forEach(body) }
///
/// Each element then takes a call through a pointer: only closures that are written at the terminal, or that may escape,
/// become part of its loop. So these are forms of their own, which the compiler takes when no other will do.
public struct NonescapingClosure: Sendable {
  /// Creates the value that is the default of the parameter.
  @inlinable
  public init() {}
}

extension ParallelSequence {
  /// Calls a closure that does not escape with each element; otherwise like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func forEach<E>(
    _ body: @Sendable (Element) throws(E) -> Void, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) where Failure == Never {
    try withoutActuallyEscaping(body) { (body) throws(E) in try forEach(body) }
  }

  /// Returns all elements combined with an operation that does not escape; otherwise like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func reduce<E>(
    _ combine: @Sendable (Element, Element) throws(E) -> Element, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) -> Element? where Element: Sendable, Failure == Never {
    try withoutActuallyEscaping(combine) { (combine) throws(E) in try reduce(combine) }
  }

  /// Returns `initial` and all elements combined with an operation that does not escape; otherwise like the form for
  /// closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func reduce<E>(
    _ initial: Element, _ combine: @Sendable (Element, Element) throws(E) -> Element,
    _: NonescapingClosure = NonescapingClosure()
  ) throws(E) -> Element where Element: Sendable, Failure == Never {
    try withoutActuallyEscaping(combine) { (combine) throws(E) in try reduce(initial, combine) }
  }

  /// Folds blocks of elements with closures that do not escape; otherwise like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func reduce<Value: Sendable, E>(
    into initial: Value, _ fold: @Sendable (inout Value, Element) throws(E) -> Void,
    combine: @Sendable (inout Value, Value) throws(E) -> Void, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) -> Value where Failure == Never {
    try withoutActuallyEscaping(fold) { (fold) throws(E) in
      try withoutActuallyEscaping(combine) { (combine) throws(E) in
        try reduce(into: initial, fold, combine: combine)
      }
    }
  }

  /// Returns whether a closure that does not escape returns true for some element; otherwise like the form for closures
  /// that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func contains<E>(
    where isWanted: @Sendable (Element) throws(E) -> Bool, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) -> Bool where Failure == Never {
    try withoutActuallyEscaping(isWanted) { (isWanted) throws(E) in try contains(where: isWanted) }
  }

  /// Returns whether a closure that does not escape returns true for all elements; otherwise like the form for closures
  /// that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func allSatisfy<E>(
    _ isGood: @Sendable (Element) throws(E) -> Bool, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) -> Bool where Failure == Never {
    try withoutActuallyEscaping(isGood) { (isGood) throws(E) in try allSatisfy(isGood) }
  }
}

extension ParallelSequence where Element: Sendable {
  /// Returns the first element for which a closure that does not escape returns true; otherwise like the form for
  /// closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func first<E>(
    where isWanted: @Sendable (Element) throws(E) -> Bool, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) -> Element? where Failure == Never {
    try withoutActuallyEscaping(isWanted) { (isWanted) throws(E) in try first(where: isWanted) }
  }
}

extension ParallelSequence {
  /// Returns the number of elements for which a closure that does not escape returns true; otherwise like the form for
  /// closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func count<E>(
    where isCounted: @Sendable (Element) throws(E) -> Bool, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) -> Int where Failure == Never {
    try withoutActuallyEscaping(isCounted) { (isCounted) throws(E) in try count(where: isCounted) }
  }
}

// MARK: - In place

extension ParallelElements where Base: MutableCollection {
  /// Calls a closure that does not escape with each element, which it may change in place; otherwise like the form for
  /// closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public mutating func modifyEach<E>(
    _ body: @Sendable (inout Element) throws(E) -> Void, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withoutActuallyEscaping(body) { (body) throws(E) in try modifyEach(body) }
  }

  /// Calls a closure that does not escape with each chunk of neighbouring elements, which it may change in place;
  /// otherwise like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public mutating func modifyEach<E>(
    chunksOf count: Int, _ body: @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void,
    _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withoutActuallyEscaping(body) { (body) throws(E) in try modifyEach(chunksOf: count, body) }
  }

  /// Sorts the elements by an order that does not escape; otherwise like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public mutating func sort<E>(
    by areInIncreasingOrder: @Sendable (Element, Element) throws(E) -> Bool,
    _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withoutActuallyEscaping(areInIncreasingOrder) { (order) throws(E) in try sort(by: order) }
  }
}

extension ParallelInPlace {
  /// Calls a closure that does not escape with each element, which it may change; otherwise like the form for closures
  /// that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public borrowing func modifyEach<E>(
    _ body: @Sendable (inout Element) throws(E) -> Void, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.modifyEach(body) }
  }

  /// Calls a closure that does not escape with each chunk of neighbouring elements, which it may change in place;
  /// otherwise like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public borrowing func modifyEach<E>(
    chunksOf count: Int, _ body: @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void,
    _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.modifyEach(chunksOf: count, body) }
  }

  /// Sorts the elements by an order that does not escape; otherwise like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public borrowing func sort<E>(
    by areInIncreasingOrder: @Sendable (Element, Element) throws(E) -> Bool,
    _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.sort(by: areInIncreasingOrder) }
  }
}

extension ParallelInPlaceEnumerated {
  /// Calls a closure that does not escape with each element, which it may change in place, and its number; otherwise
  /// like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public borrowing func modifyEach<E>(
    _ body: @Sendable (_ offset: Int, inout Element) throws(E) -> Void, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try elements.withElements { (elements) throws(E) in
      try withoutActuallyEscaping(body) { (body) throws(E) in try elements.modifyEachEnumerated(body) }
    }
  }
}

extension ParallelMutableBuffer {
  /// Calls a closure that does not escape with each element, which it may change in place; otherwise like the form for
  /// closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func modifyEach<E>(
    _ body: @Sendable (inout Element) throws(E) -> Void, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withoutActuallyEscaping(body) { (body) throws(E) in try modifyEach(body) }
  }

  /// Calls a closure that does not escape with each chunk of neighbouring elements, which it may change in place;
  /// otherwise like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public func modifyEach<E>(
    chunksOf count: Int, _ body: @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void,
    _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withoutActuallyEscaping(body) { (body) throws(E) in try modifyEach(chunksOf: count, body) }
  }
}

@available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
extension ParallelInline {
  /// Calls a closure that does not escape with each element, which it may change in place; otherwise like the form for
  /// closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public mutating func modifyEach<E>(
    _ body: @Sendable (inout Element) throws(E) -> Void, _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withoutActuallyEscaping(body) { (body) throws(E) in try modifyEach(body) }
  }

  /// Calls a closure that does not escape with each chunk of neighbouring elements, which it may change in place;
  /// otherwise like the form for closures that do.
  @_alwaysEmitIntoClient
  @_disfavoredOverload
  public mutating func modifyEach<E>(
    chunksOf count: Int, _ body: @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void,
    _: NonescapingClosure = NonescapingClosure()
  ) throws(E) {
    try withoutActuallyEscaping(body) { (body) throws(E) in try modifyEach(chunksOf: count, body) }
  }
}
