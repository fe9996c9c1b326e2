/// A number of the standard library's: an integer or a floating-point number.
///
/// The compiler chooses among several `sum()`s by the type of the elements, and considers each of them together with
/// each meaning of the operators in a chain's closures. So there is one that it considers first, for all common numbers,
/// and the number's type says how it is added up.
public protocol SummableNumber: AdditiveArithmetic, Sendable {
  /// Returns the sum of all elements; zero if there are none.
  static func parallelSum<P: ParallelSequence>(of elements: P) throws(P.Failure) -> Self where P.Element == Self
}

extension SummableNumber where Self: FixedWidthInteger {
  /// Returns the sum of all elements; only the total must be representable.
  @inlinable
  @inline(__always)
  public static func parallelSum<P: ParallelSequence>(of elements: P) throws(P.Failure) -> Self
  where P.Element == Self {
    try elements.exactSum()
  }
}

extension SummableNumber where Self: FloatingPoint {
  /// Returns the sum of all elements; it has the same bits at every number of threads.
  @inlinable
  @inline(__always)
  public static func parallelSum<P: ParallelSequence>(of elements: P) throws(P.Failure) -> Self
  where P.Element == Self {
    try elements.interleavedSum()
  }
}

extension Int: SummableNumber {}
extension Int8: SummableNumber {}
extension Int16: SummableNumber {}
extension Int32: SummableNumber {}
extension Int64: SummableNumber {}
extension Int128: SummableNumber {}
extension UInt: SummableNumber {}
extension UInt8: SummableNumber {}
extension UInt16: SummableNumber {}
extension UInt32: SummableNumber {}
extension UInt64: SummableNumber {}
extension UInt128: SummableNumber {}
extension Float: SummableNumber {}
extension Double: SummableNumber {}

extension ParallelSequence where Element: SummableNumber {
  /// Returns the sum of all elements; zero if there are none.
  ///
  /// Of integers, only the total must be representable, not the intermediate sums of a sequential loop. How
  /// floating-point terms are grouped depends on the number of positions, and on which of them have elements, alone: so
  /// the sum has the same bits at every number of threads, though not those of the sequential loop, and is usually more
  /// exact (pairwise summation; Higham 1993).
  /// - Precondition: A total of integers is representable in `Element`.
  /// - Complexity: Work O(*n*); span O(log *n*).
  @_alwaysEmitIntoClient
  @inline(__always)
  public func sum() throws(Failure) -> Element { try Element.parallelSum(of: self) }
}
