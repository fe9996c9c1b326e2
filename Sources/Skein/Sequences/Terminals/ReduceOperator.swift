// `reduce(0, &+)`: the overflow operators belong to protocols, and the compiler does not take a reference to such a function for
// `@Sendable`. Here the argument is an expression that each thread evaluates for itself: what it captures must be
// `Sendable`, what it makes need not be.

extension ParallelSequence where Element: FixedWidthInteger & Sendable {
  /// Combines `initial` and all elements with an operator such as `&+`; otherwise as ``reduce(_:_:)``.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func reduce(
    _ initial: Element, _ combine: @autoclosure @escaping @Sendable () -> (Element, Element) -> Element
  ) throws(Failure) -> Element {
    try reduce(initial) { combine()($0, $1) }
  }

  /// Combines all elements with an operator such as `&+`, or gives nil if there are none; otherwise as ``reduce(_:)``.
  @inlinable
  @inline(__always)
  @_disfavoredOverload
  public func reduce(
    _ combine: @autoclosure @escaping @Sendable () -> (Element, Element) -> Element
  ) throws(Failure) -> Element? {
    try reduce { combine()($0, $1) }
  }
}
