/// The elements of a variable with their numbers, to be changed in place.
///
///     squares.parallel.enumerated().modifyEach { (number, square: inout Int) in square = number * number }
///
/// Like ``ParallelInPlace``, it cannot be stored or returned.
public struct ParallelInPlaceEnumerated<Base: MutableCollection & RandomAccessCollection & Sendable>: ~Copyable,
  ~Escapable
where Base.Element: Sendable {
  /// The type of the elements.
  public typealias Element = Base.Element

  @usableFromInline let elements: ParallelInPlace<Base>

  @inlinable
  @_lifetime(copy elements)
  init(_ elements: consuming ParallelInPlace<Base>) { self.elements = elements }

  /// Calls a closure with each element, which it may change in place, and the number of elements before it.
  ///
  /// - Throws: The error of the first element in order for which the closure throws. Elements after it may have been changed or not.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @inlinable
  @inline(__always)
  public borrowing func modifyEach<E>(
    _ body: @escaping @Sendable (_ offset: Int, inout Element) throws(E) -> Void
  ) throws(E) {
    try elements.withElements { (elements) throws(E) in try elements.modifyEachEnumerated(body) }
  }
}

extension ParallelElements where Base: MutableCollection {
  @inlinable
  @inline(__always)
  mutating func modifyEachEnumerated<E>(
    _ body: @escaping @Sendable (_ offset: Int, inout Element) throws(E) -> Void
  ) throws(E) {
    let offsets = (0..<positionCount).parallel
    try modifyEach(with: offsets) { (element, offset) throws(E) in try body(offset, &element) }
  }

  /// Returns the elements with their numbers, to be changed in place.
  @inlinable
  @_disfavoredOverload
  @_lifetime(&self)
  public mutating func enumerated() -> ParallelInPlaceEnumerated<Base> {
    let plan = plan
    return ParallelInPlaceEnumerated(ParallelInPlace(&base, plan: plan))
  }
}

extension ParallelInPlace {
  /// Returns the elements with their numbers, to be changed in place.
  @inlinable
  @_lifetime(copy self)
  public consuming func enumerated() -> ParallelInPlaceEnumerated<Base> { ParallelInPlaceEnumerated(self) }
}
