/// The elements of a buffer, in parallel.
///
/// SAFETY: the caller guarantees that the buffer is valid until the terminal has returned (for `results`, which says
/// more, until the stream reads no more), and that nothing else changes its elements meanwhile.
@safe
public struct ParallelBuffer<Element: Sendable>: ParallelCollection, @unchecked Sendable {
  @usableFromInline let base: UnsafeBufferPointer<Element>
  public var plan: LoopPlan

  @inlinable
  init(_ base: UnsafeBufferPointer<Element>, plan: LoopPlan) {
    unsafe self.base = base
    self.plan = plan
  }

  @inlinable
  public var positionCount: Int { unsafe base.count }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    // An empty buffer may have no address; its elements are never read.
    unsafe body(
      base.baseAddress.map { unsafe UnsafeRawPointer($0) } ?? UnsafeRawPointer(
        bitPattern: MemoryLayout<Element>.alignment)!)
  }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { lendNothing }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    let elements = unsafe source.assumingMemoryBound(to: Element.self)
    for index in positions where unsafe !receive(elements[index], &state) { return false }
    return true
  }

  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) -> Element {
    unsafe source.assumingMemoryBound(to: Element.self)[position]
  }
}

extension UnsafeBufferPointer where Element: Sendable {
  /// The elements of this buffer, to be processed in parallel.
  @inlinable
  public var parallel: ParallelBuffer<Element> { unsafe ParallelBuffer(self, plan: LoopPlan()) }

  /// Returns the elements of this buffer, to be processed in parallel as the parameters say.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelBuffer<Element> {
    unsafe ParallelBuffer(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension UnsafeMutableBufferPointer where Element: Sendable {
  /// The elements of this buffer, to be processed or modified in parallel.
  @inlinable
  public var parallel: ParallelMutableBuffer<Element> { unsafe ParallelMutableBuffer(self, plan: LoopPlan()) }

  /// Returns the elements of this buffer, to be processed or modified in parallel as the parameters say.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelMutableBuffer<Element> {
    unsafe ParallelMutableBuffer(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

/// The elements of a buffer that may be changed in place, in parallel.
///
/// SAFETY: as for `ParallelBuffer`; a loop passes each element to one thread.
@safe
public struct ParallelMutableBuffer<Element: Sendable>: ParallelCollection, @unchecked Sendable {
  @usableFromInline let base: UnsafeMutableBufferPointer<Element>
  public var plan: LoopPlan

  @inlinable
  init(_ base: UnsafeMutableBufferPointer<Element>, plan: LoopPlan) {
    unsafe self.base = base
    self.plan = plan
  }

  @inlinable
  var elements: ParallelBuffer<Element> { unsafe ParallelBuffer(UnsafeBufferPointer(base), plan: plan) }

  @inlinable
  public var positionCount: Int { unsafe base.count }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result { unsafe elements.withSource(body) }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { lendNothing }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    unsafe ParallelBuffer<Element>.forEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: fail)
  }

  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) -> Element {
    unsafe ParallelBuffer<Element>.element(at: position, from: source, closures: closures)
  }
}
