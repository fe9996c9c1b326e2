extension ParallelSequence where Element: AdditiveArithmetic & Sendable {
  /// Returns the sum of all elements; zero if there are none.
  ///
  /// The grouping of the terms depends on the number of positions alone, so a floating-point sum has the same bits at
  /// every number of threads. These may differ from those of the sequential loop, which groups from the left; the sum
  /// is usually more exact (pairwise summation; Higham 1993).
  ///
  /// - Complexity: Work O(*n*); span O(log *n*).
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func sum() throws(Failure) -> Element {
    try reduceBlocks(
      fineBlocks, start: { .zero },
      fold: { (element, sum) throws(Failure) in
        sum += element
        return true
      },
      combine: { (left, right) throws(Failure) in left += right }) ?? .zero
  }
}

extension ParallelSequence where Element: FloatingPoint & Sendable {
  /// The sum of all elements; zero if there are none.
  ///
  /// How the terms are grouped depends on the number of positions, and on which of them have elements, alone, so the sum has the same bits at every
  /// number of threads. It need not have those of the sequential loop, which groups from the left; it is usually more
  /// exact (pairwise summation; Higham 1993).
  ///
  /// - Complexity: Work O(*n*); span O(log *n*).
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func sum() throws(Failure) -> Element { try interleavedSum() }

  @_alwaysEmitIntoClient
  @inline(__always)
  func interleavedSum() throws(Failure) -> Element {
    try reduceBlocks(
      fineBlocks, start: { InterleavedSums<Element>() },
      fold: { (element, sums) throws(Failure) in
        sums.add(element)
        return true
      },
      combine: { (left, right) throws(Failure) in left.add(right) })?.total ?? 0
  }
}

/// Four sums, each of every fourth term: one addition need not wait for the one before it.
@usableFromInline
struct InterleavedSums<Element: FloatingPoint> {
  // The terms go to the last one, and the four change places.
  @usableFromInline var first: Element = 0
  @usableFromInline var second: Element = 0
  @usableFromInline var third: Element = 0
  @usableFromInline var fourth: Element = 0

  @inlinable
  @inline(__always)
  init() {}

  @inlinable
  @inline(__always)
  mutating func add(_ element: Element) {
    (first, second, third, fourth) = (second, third, fourth, first + element)
  }

  @inlinable
  @inline(__always)
  mutating func add(_ other: InterleavedSums) {
    first += other.first
    second += other.second
    third += other.third
    fourth += other.fourth
  }

  @inlinable var total: Element { (first + second) + (third + fourth) }
}

extension ParallelSequence where Element: FixedWidthInteger & Sendable {
  /// Returns the sum of all elements; zero if there are none.
  ///
  /// Only the total must be representable, not the intermediate sums of a sequential loop.
  /// - Precondition: The total is representable in `Element`.
  /// - Complexity: Work O(*n*); span O(log *n*).
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func sum() throws(Failure) -> Element { try exactSum() }

  @_alwaysEmitIntoClient
  @inline(__always)
  func exactSum() throws(Failure) -> Element {
    // The optimiser knows both where it knows the type of the sequence.
    if knownCount != nil, Element.bitWidth <= 64 {
      try exactSum(of: HalvesSum<Element>.self)
    } else {
      try exactSum(of: WideSum<Element>.self)
    }
  }

  @_alwaysEmitIntoClient
  @inline(__always)
  func exactSum<Batch: BatchSum<Element>>(of batch: Batch.Type) throws(Failure) -> Element {
    let control = LoopControl<Failure>(plan)
    let total = withLeaf { (element, sum: inout Batch) throws(Failure) in
      sum.add(element)
      return true
    } run: { leaf in
      unsafe runUnits(IntegerSumBody(leaf), control, from: leaf.source)
    }
    try control.throwFirst()
    require(total.carry == 0, "the sum is not representable as \(Element.self)")
    return total.low
  }
}

/// The sum of a batch, exact for up to `limit` elements.
@usableFromInline
protocol BatchSum<Element> {
  associatedtype Element: FixedWidthInteger

  static var limit: Int { get }
  init()
  mutating func add(_ element: Element)
  func add(to total: inout WideSum<Element>)
}

/// A sum modulo 2*ʷ* and the signed number of its overflows: exact, however it is grouped.
@usableFromInline
struct WideSum<Element: FixedWidthInteger>: BatchSum {
  @usableFromInline var low: Element = 0
  @usableFromInline var carry = 0

  @inlinable static var limit: Int { .max }

  @inlinable
  init() {}

  @inlinable
  @inline(__always)
  mutating func add(_ element: Element) {
    let (sum, overflow) = low.addingReportingOverflow(element)
    low = sum
    if _slowPath(overflow) { carry &+= element < 0 ? -1 : 1 }
  }

  @inlinable
  func add(to total: inout WideSum) {
    total.add(low)
    total.carry &+= carry
  }
}

/// The sums of the lower and of the upper halves of integers of at most 64 bits: without a branch or a carry in each
/// step, so that it vectorises.
@usableFromInline
struct HalvesSum<Element: FixedWidthInteger>: BatchSum {
  @usableFromInline var lower: UInt64 = 0
  @usableFromInline var upper: Int64 = 0

  /// This many halves, each less than 2³² in magnitude, fit in 63 bits.
  @inlinable static var limit: Int { 1 << 31 }

  @inlinable
  init() {}

  @inlinable
  @inline(__always)
  mutating func add(_ element: Element) {
    lower &+= UInt64(truncatingIfNeeded: element) & 0xffff_ffff
    upper &+= Int64(truncatingIfNeeded: element >> 32)
  }

  @inlinable
  func add(to total: inout WideSum<Element>) {
    let sum = Int128(upper) << 32 + Int128(lower)
    let low = Element(truncatingIfNeeded: sum)
    total.add(low)
    total.carry &+= Int((sum - Int128(low)) >> Int128(Element.bitWidth))
  }
}

@usableFromInline
struct IntegerSumBody<Batch: BatchSum, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = WideSum<Batch.Element>

  @usableFromInline let leaf: BoundLeaf<Batch, Failure>

  @inlinable
  init(_ leaf: BoundLeaf<Batch, Failure>) { self.leaf = leaf }

  @inlinable
  func makePartial() -> Partial { WideSum() }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    var start = units.lowerBound
    while start < units.upperBound {
      let end = units.upperBound - start > Batch.limit ? start + Batch.limit : units.upperBound
      var batch = Batch()
      guard let reached = leaf.run(start..<end, &batch, control, &watch) else { return units.upperBound }
      batch.add(to: &partial)
      if reached < end { return reached }
      start = end
    }
    return units.upperBound
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    right.add(to: &left)
  }
}
