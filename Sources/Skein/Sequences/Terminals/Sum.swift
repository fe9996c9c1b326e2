extension ParallelSequence where Element: AdditiveArithmetic & Sendable {
  /// The sum of all elements; zero if there are none.
  ///
  /// How the terms are grouped depends on the number of positions alone, so a floating-point sum has the same bits at every
  /// number of threads. It need not have those of the sequential loop, which groups from the left; it is usually more
  /// exact (pairwise summation; Higham 1993).
  ///
  /// - Complexity: Work O(*n*); span O(log *n*).
  @inlinable
  @inline(__always)
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

extension ParallelSequence where Element: FixedWidthInteger & Sendable {
  /// The sum of all elements; zero if there are none.
  ///
  /// Only the total must be representable, not what a sequential loop would meet on the way.
  /// - Precondition: The total is representable in `Element`.
  /// - Complexity: Work O(*n*); span O(log *n*).
  @inlinable
  @inline(__always)
  public func sum() throws(Failure) -> Element {
    let control = LoopControl<Failure>(plan)
    let leaf = unsafe leaf { (element, total: inout WideSum<Element>) throws(Failure) in
      total.add(element)
      return true
    }
    let total = unsafe bind(leaf) { leaf in
      runLoop(IntegerSumBody(leaf), control, count: positionCount, plan: plan)
    }
    try control.throwFirst()
    require(total.carry == 0, "the sum is not representable as \(Element.self)")
    return total.low
  }
}

/// A sum modulo 2*ʷ* and how often it wrapped around, and in which direction: exact, however it is grouped.
@usableFromInline
struct WideSum<Element: FixedWidthInteger> {
  @usableFromInline var low: Element = 0
  @usableFromInline var carry = 0

  @inlinable
  init() {}

  @inlinable
  @inline(__always)
  mutating func add(_ element: Element) {
    let (sum, overflow) = low.addingReportingOverflow(element)
    low = sum
    if _slowPath(overflow) { carry &+= element < 0 ? -1 : 1 }
  }
}

@usableFromInline
struct IntegerSumBody<Element: FixedWidthInteger, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = WideSum<Element>

  @usableFromInline let leaf: BoundLeaf<WideSum<Element>, Failure>

  @inlinable
  init(_ leaf: BoundLeaf<WideSum<Element>, Failure>) { self.leaf = leaf }

  @inlinable
  func makePartial() -> Partial { WideSum() }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>) {
    _ = leaf.run(units, &partial, control, at: units.lowerBound)
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    left.add(right.low)
    left.carry &+= right.carry
  }
}
