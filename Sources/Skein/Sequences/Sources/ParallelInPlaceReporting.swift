/// The elements of a variable, to be changed in place by a loop that reports its progress.
///
///     pixels.parallel.reporting { bar.show($0.completed) }.modifyEach { $0 = tone($0) }
///
/// Like ``ParallelInPlace``, it cannot be stored or returned, and needs a variable: the elements of a slice, or of an array
/// that an object or an optional holds, must be moved to one for the duration of the loop. It has the operations that are
/// one loop; sorting, for example, is many.
public struct ParallelInPlaceReporting<Base: MutableCollection & RandomAccessCollection & Sendable>: ~Copyable,
  ~Escapable
where Base.Element: Sendable {
  /// The type of the elements.
  public typealias Element = Base.Element

  @usableFromInline let elements: ParallelInPlace<Base>

  @inlinable
  @_lifetime(copy elements)
  init(_ elements: consuming ParallelInPlace<Base>) { self.elements = elements }

  /// Calls a closure with each element, which it may change; see ``ParallelElements/modifyEach(_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEach<E>(_ body: @escaping @Sendable (inout Element) throws(E) -> Void) throws(E) {
    try elements.modifyEach(body)
  }

  /// Calls a closure with a scratch value and each element, which it may change; see ``ParallelElements/modifyEach(withScratch:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEach<Scratch, E>(
    withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, inout Element) throws(E) -> Void
  ) throws(E) {
    try elements.modifyEach(withScratch: makeScratch, body)
  }

  /// Calls a closure with each `count` neighbouring elements, which it may change, and reports chunks; see
  /// ``ParallelElements/modifyEach(chunksOf:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEach<E>(
    chunksOf count: Int, _ body: @escaping @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void
  ) throws(E) {
    try elements.modifyEach(chunksOf: count, body)
  }

  /// Calls a closure with a scratch value and each `count` neighbouring elements, which it may change, and reports
  /// chunks; see ``ParallelElements/modifyEach(chunksOf:withScratch:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEach<Scratch, E>(
    chunksOf count: Int, withScratch makeScratch: @escaping @Sendable () -> sending Scratch,
    _ body: @escaping @Sendable (inout Scratch, _ index: Int, inout MutableSpan<Element>) throws(E) -> Void
  ) throws(E) {
    try elements.modifyEach(chunksOf: count, withScratch: makeScratch, body)
  }

  /// Calls a closure with spans of the elements, which it may change in place; see ``ParallelElements/modifyEachSpan(_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEachSpan<E>(
    _ body: @escaping @Sendable (inout MutableSpan<Element>, Int) throws(E) -> Void
  ) throws(E) {
    try elements.modifyEachSpan(body)
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Returns the elements, to be changed in place by a loop that reports its progress; see
  /// ``ParallelSequence/reporting(every:to:)``.
  /// - Precondition: The interval is not negative.
  @inlinable
  @_disfavoredOverload
  @_lifetime(&self)
  public mutating func reporting(
    every interval: Duration = .milliseconds(100), to report: @escaping @Sendable (LoopProgress) -> Void
  ) -> ParallelInPlaceReporting<Base> {
    let plan = plan.reporting(every: interval, to: report)
    return ParallelInPlaceReporting(ParallelInPlace(&base, plan: plan))
  }
}

extension ParallelInPlace {
  /// Returns the elements, to be changed in place by a loop that reports its progress; see
  /// ``ParallelSequence/reporting(every:to:)``.
  /// - Precondition: The interval is not negative.
  @inlinable
  @_lifetime(copy self)
  public consuming func reporting(
    every interval: Duration = .milliseconds(100), to report: @escaping @Sendable (LoopProgress) -> Void
  ) -> ParallelInPlaceReporting<Base> {
    plan = plan.reporting(every: interval, to: report)
    return ParallelInPlaceReporting(self)
  }
}
