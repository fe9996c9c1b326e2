/// The elements of an inline array, in parallel.
///
/// A chain contains the whole array: for a large one, pass its `span` to `withParallel` instead.
@available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
public struct ParallelInline<let size: Int, Element: Sendable>: ParallelCollection {
  @usableFromInline let elements: InlineArray<size, Element>
  public var plan: LoopPlan

  @inlinable
  init(_ elements: InlineArray<size, Element>, plan: LoopPlan) {
    self.elements = elements
    self.plan = plan
  }

  @inlinable public var positionCount: Int { size }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: elements) { unsafe body(UnsafeRawPointer($0)) }
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
    unsafe ParallelBuffer<Element>.forEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: fail)
  }

  @inlinable
  @inline(__always)
  public static func element(at position: Int, from source: UnsafeRawPointer, closures: LentClosures) -> Element {
    unsafe ParallelBuffer<Element>.element(at: position, from: source, closures: closures)
  }
}

@available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
extension InlineArray where Element: Sendable {
  /// The elements of this array, to be processed in parallel.
  @inlinable
  public var parallel: ParallelInline<count, Element> { parallel() }

  /// Returns the elements of this array, to be processed in parallel as the parameters say, which are those of a
  /// collection's method of this name.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelInline<count, Element> {
    ParallelInline(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
