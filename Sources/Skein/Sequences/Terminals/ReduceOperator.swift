// `reduce(0, &+)`: the overflow operators are protocol requirements, and the compiler does not accept a reference to
// such a function as `@Sendable`. Here the argument is an expression that each thread evaluates for itself: its
// captures must be `Sendable`, its value need not be.

extension ParallelSequence where Element: FixedWidthInteger & Sendable {
  /// Returns `initial` and all elements combined with an operator such as `&+`; otherwise like ``reduce(_:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reduce(
    _ initial: Element, _ combine: @autoclosure @escaping @Sendable () -> (Element, Element) -> Element
  ) throws(Failure) -> Element {
    try reduce(initial) { combine()($0, $1) }
  }

  /// Returns all elements combined with an operator such as `&+`, or nil if there are none; otherwise like
  /// ``reduce(_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reduce(
    _ combine: @autoclosure @escaping @Sendable () -> (Element, Element) -> Element
  ) throws(Failure) -> Element? {
    try reduce { combine()($0, $1) }
  }
}
