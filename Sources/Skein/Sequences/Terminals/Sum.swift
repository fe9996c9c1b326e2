extension ParallelSequence where Element: AdditiveArithmetic & Sendable {
  /// The sum of all elements; zero if there are none.
  ///
  /// How the terms are grouped depends on the number of positions alone, so a floating-point sum has the same bits at every
  /// number of threads. It need not have those of the sequential loop, which groups from the left; it is usually more
  /// exact (pairwise summation; Higham 1993).
  ///
  /// - Complexity: Work O(*n*); span O(log *n*).
  @inlinable
  public func sum() throws(Failure) -> Element {
    try ReduceBody<Self, Element, Failure>(
      self, fineBlocks, start: { .zero }, fold: { value, element in value! += element },
      combine: { left, right in left += right }
    ).run() ?? .zero
  }
}

extension ParallelSequence where Element: FixedWidthInteger & Sendable {
  /// The sum of all elements; zero if there are none.
  ///
  /// Only the total must be representable, not what a sequential loop would meet on the way.
  /// - Precondition: The total is representable in `Element`.
  /// - Complexity: Work O(*n*); span O(log *n*).
  @inlinable
  public func sum() throws(Failure) -> Element {
    let control = LoopControl<Failure>(plan)
    let total = runLoop(IntegerSumBody(self), control, count: positionCount, plan: plan)
    try control.throwFirst()
    require(total.carry == 0, "the sum is not representable as \(Element.self)")
    return total.low
  }
}

/// Adds integers modulo 2*ʷ* and counts how often that wrapped around, and in which direction: exact however it is grouped.
@usableFromInline
struct IntegerSumBody<Base: ParallelSequence>: LoopBody where Base.Element: FixedWidthInteger {
  @usableFromInline typealias Failure = Base.Failure
  @usableFromInline typealias Partial = (low: Base.Element, carry: Int)

  @usableFromInline let base: Base

  @inlinable
  init(_ base: Base) { self.base = base }

  @inlinable
  func makePartial() -> Partial { (0, 0) }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>) {
    var (low, carry) = partial
    do throws(Failure) {
      _ = try base.forward(units) { element in
        let (sum, overflow) = low.addingReportingOverflow(element)
        low = sum
        if overflow { carry &+= element < 0 ? -1 : 1 }
        return true
      }
    } catch {
      control.note(error, at: units.lowerBound)
    }
    partial = (low, carry)
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    let (low, overflow) = left.low.addingReportingOverflow(right.low)
    left = (low, left.carry &+ right.carry &+ (overflow ? (right.low < 0 ? -1 : 1) : 0))
  }
}
