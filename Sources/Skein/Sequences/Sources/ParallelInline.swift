/// The elements of an inline array, in parallel.
///
/// A chain contains the whole array, and a change in place copies it there and back: for a large one, use `withParallel`
/// of its `span` or `mutableSpan` instead.
@available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
public struct ParallelInline<let size: Int, Element: Sendable>: ParallelCollection {
  @usableFromInline var elements: InlineArray<size, Element>
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
extension ParallelInline {
  @_alwaysEmitIntoClient
  @inline(__always)
  mutating func withMutableElements<E: Error>(
    _ body: (ParallelMutableBuffer<Element>) throws(E) -> Void
  ) throws(E) {
    let plan = plan
    var span = elements.mutableSpan
    unsafe try span.withUnsafeMutableBufferPointer { (elements) throws(E) in
      unsafe try body(ParallelMutableBuffer(elements, plan: plan))
    }
  }

  /// Calls a closure with each element, which it may change; see ``ParallelElements/modifyEach(_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func modifyEach<E>(_ body: @escaping @Sendable (inout Element) throws(E) -> Void) throws(E) {
    try withMutableElements { (elements) throws(E) in try elements.modifyEach(body) }
  }

  /// Calls a closure with the index of each chunk of `count` neighbouring elements, and the chunk, which it may change;
  /// see ``ParallelElements/modifyEach(chunksOf:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func modifyEach<E>(
    chunksOf count: Int, _ body: @escaping @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void
  ) throws(E) {
    try withMutableElements { (elements) throws(E) in try elements.modifyEach(chunksOf: count, body) }
  }

  /// Calls a closure with spans of the elements, which it may change in place; see ``ParallelElements/modifyEachSpan(_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func modifyEachSpan<E>(
    _ body: @escaping @Sendable (inout MutableSpan<Element>, Int) throws(E) -> Void
  ) throws(E) {
    try withMutableElements { (elements) throws(E) in try elements.modifyEachSpan(body) }
  }
}

@available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
extension InlineArray where Element: Sendable {
  /// The elements of this array, to be processed or modified in parallel.
  @inlinable
  public var parallel: ParallelInline<count, Element> {
    get { parallel() }
    _modify {
      var view = parallel()
      defer { self = view.elements }
      yield &view
    }
  }

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
