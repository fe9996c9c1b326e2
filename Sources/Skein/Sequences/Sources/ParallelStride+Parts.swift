/// The components of a `StrideTo` or a `StrideThrough`.
@usableFromInline
struct StrideParts<Element: Strideable> {
  @usableFromInline let start: Element
  @usableFromInline let end: Element
  @usableFromInline let stride: Element.Stride

  // SAFETY: Both types are frozen structures of the standard library with exactly these three properties in this order,
  // so their layout is that of this one. `unsafeBitCast` traps if the sizes differ; numbers have no other state that
  // could be misread.
  @inlinable
  @inline(__always)
  init(_ stride: StrideTo<Element>) { self = unsafe unsafeBitCast(stride, to: StrideParts.self) }

  @inlinable
  @inline(__always)
  init(_ stride: StrideThrough<Element>) { self = unsafe unsafeBitCast(stride, to: StrideParts.self) }
}

extension StrideTo where Element: FixedWidthInteger & Sendable, Element.Stride: BinaryInteger {
  /// The integers of this stride, to be processed in parallel.
  @inlinable
  public var parallel: ParallelIntegerStride<Element> {
    ParallelIntegerStride(StrideParts(self), isClosed: false, plan: LoopPlan())
  }

  /// Returns the integers of this stride, to be processed in parallel as the parameters say, which are those of a
  /// range's `parallel(in:minimumBatch:maximumBatch:maximumInFlight:)`.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelIntegerStride<Element> {
    ParallelIntegerStride(
      StrideParts(self), isClosed: false,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension StrideTo where Element: FloatingPoint & Sendable, Element.Stride == Element {
  /// The numbers of this stride, to be processed in parallel.
  @inlinable
  public var parallel: ParallelStride<Element> { ParallelStride(StrideParts(self), isClosed: false, plan: LoopPlan()) }

  /// Returns the numbers of this stride, to be processed in parallel as the parameters say, which are those of a
  /// range's `parallel(in:minimumBatch:maximumBatch:maximumInFlight:)`.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelStride<Element> {
    ParallelStride(
      StrideParts(self), isClosed: false,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension StrideThrough where Element: FixedWidthInteger & Sendable, Element.Stride: BinaryInteger {
  /// The integers of this stride, to be processed in parallel.
  @inlinable
  public var parallel: ParallelIntegerStride<Element> {
    ParallelIntegerStride(StrideParts(self), isClosed: true, plan: LoopPlan())
  }

  /// Returns the integers of this stride, to be processed in parallel as the parameters say, which are those of a
  /// range's `parallel(in:minimumBatch:maximumBatch:maximumInFlight:)`.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelIntegerStride<Element> {
    ParallelIntegerStride(
      StrideParts(self), isClosed: true,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension StrideThrough where Element: FloatingPoint & Sendable, Element.Stride == Element {
  /// The numbers of this stride, to be processed in parallel.
  @inlinable
  public var parallel: ParallelStride<Element> { ParallelStride(StrideParts(self), isClosed: true, plan: LoopPlan()) }

  /// Returns the numbers of this stride, to be processed in parallel as the parameters say, which are those of a
  /// range's `parallel(in:minimumBatch:maximumBatch:maximumInFlight:)`.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelStride<Element> {
    ParallelStride(
      StrideParts(self), isClosed: true,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
