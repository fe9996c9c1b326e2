extension ParallelSequence where Element: Numeric & Sendable {
  /// Returns the product of all elements; one if there are none.
  ///
  /// The grouping of the factors depends on the number of positions alone, so a floating-point product has the same
  /// bits at every number of threads. These may differ from those of the sequential loop, which groups from the left.
  ///
  /// - Complexity: Work O(*n*); span O(log *n*).
  @_alwaysEmitIntoClient
  @inline(__always)
  public func product() throws(Failure) -> Element {
    try reduceBlocks(
      fineBlocks, start: { 1 },
      fold: { (element, product) throws(Failure) in
        product *= element
        return true
      },
      combine: { (left, right) throws(Failure) in left *= right }) ?? 1
  }
}

extension ParallelSequence where Element: FixedWidthInteger & Sendable {
  /// Returns the product of all elements; one if there are none.
  ///
  /// Only the product must be representable, not the intermediate products of a sequential loop: it is zero if some
  /// element is.
  /// - Precondition: The product is representable in `Element`.
  /// - Complexity: Work O(*n*); span O(log *n*).
  @_alwaysEmitIntoClient
  @inline(__always)
  public func product() throws(Failure) -> Element {
    let products = try reducePieces(
      start: { _ in ExactProduct<Element>() },
      fold: { (element, product) throws(Failure) in
        product.multiply(by: element)
        return true
      },
      combine: { (left, right) throws(Failure) in left.multiply(by: right) })
    return products.first?.value ?? 1
  }
}

/// A product of integers, exact however it is grouped: factors other than zero never make it smaller, so once it is too
/// large for the type it stays so, unless there is a zero.
@usableFromInline
struct ExactProduct<Element: FixedWidthInteger> {
  /// The product's magnitude, if it is not too large.
  @usableFromInline var magnitude: Element.Magnitude = 1
  @usableFromInline var isNegative = false
  @usableFromInline var isTooLarge = false
  @usableFromInline var hasZero = false

  @inlinable
  init() {}

  @inlinable
  @inline(__always)
  mutating func multiply(by element: Element) {
    multiply(by: element.magnitude)
    isNegative = isNegative != (element < 0)
  }

  @inlinable
  mutating func multiply(by other: ExactProduct) {
    multiply(by: other.magnitude)
    isNegative = isNegative != other.isNegative
    isTooLarge = isTooLarge || other.isTooLarge
    hasZero = hasZero || other.hasZero
  }

  @inlinable
  @inline(__always)
  mutating func multiply(by factor: Element.Magnitude) {
    if _slowPath(factor == 0) {
      hasZero = true
      return
    }
    let (product, overflow) = magnitude.multipliedReportingOverflow(by: factor)
    if _slowPath(overflow) { isTooLarge = true } else { magnitude = product }
  }

  /// - Precondition: The product is representable.
  @inlinable
  var value: Element {
    if hasZero { return 0 }
    let value = isNegative ? negative : Element(exactly: magnitude)
    require(!isTooLarge && value != nil, "the product is not representable as \(Element.self)")
    return value!
  }

  @inlinable
  var negative: Element? {
    // The magnitude of the least integer is not representable in its own type.
    if let positive = Element(exactly: magnitude) {
      return Element(exactly: 0 &- positive).flatMap { $0 <= 0 ? $0 : nil }
    }
    return magnitude == Element.min.magnitude ? .min : nil
  }
}
