internal import Synchronization

/// The elements of a span, in parallel, for the duration of a call; see `Span.withParallel`.
///
/// SAFETY: The span outlives the call that lends its elements. No loop reads them after it: the lease has ended then,
/// and a new loop traps.
@safe
public struct ParallelSpan<Element: Sendable>: ParallelCollection, @unchecked Sendable {
  @usableFromInline let elements: UnsafeBufferPointer<Element>
  public var plan: LoopPlan
  @usableFromInline let lease: SpanLease

  @inlinable
  init(_ elements: UnsafeBufferPointer<Element>, plan: LoopPlan, lease: SpanLease) {
    unsafe self.elements = elements
    self.plan = plan
    self.lease = lease
  }

  @inlinable public var positionCount: Int { unsafe elements.count }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    lease.begin()
    defer { lease.end() }
    return unsafe ParallelBuffer(elements, plan: plan).withSource(body)
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

/// Whether the elements of a span may still be read. A parallel sequence can be copied anywhere, and a span cannot.
@usableFromInline
final class SpanLease: Sendable {
  /// The number of loops that read the elements; negative when the lease has ended.
  private let readers = Atomic<Int>(0)

  @usableFromInline
  init() {}

  @usableFromInline
  func begin() {
    // Acquiring: pairs with the end of the lease.
    require(
      readers.add(1, ordering: .acquiring).oldValue >= 0,
      "the elements of a span are used after the call that lent them")
  }

  @usableFromInline
  func end() { readers.subtract(1, ordering: .releasing) }  // pairs with `finish`

  @usableFromInline
  func finish() {
    require(
      readers.compareExchange(expected: 0, desired: .min / 2, ordering: .acquiringAndReleasing).exchanged,
      "the elements of a span are in use when the call that lent them ends")
  }
}

extension Span where Element: Sendable {
  /// Lends the elements of this span to a closure, to be processed in parallel.
  ///
  ///     let sum = span.withParallel { $0.map { $0 * $0 }.sum() }
  ///
  /// The closure's argument can be used until the closure returns; after that, using it traps.
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer elements than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more elements than this without checking whether another worker is hungry.
  ///   - maximumInFlight: At most this many iterations are open at once.
  ///   - body: Runs at once, on the calling thread.
  /// - Throws: The error of the closure.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public func withParallel<Result, E: Error>(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max,
    _ body: (ParallelSpan<Element>) throws(E) -> Result
  ) throws(E) -> Result {
    let plan = LoopPlan(
      pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
    let lease = SpanLease()
    defer { lease.finish() }
    let elements = unsafe withUnsafeBufferPointer { unsafe $0 }
    return try body(unsafe ParallelSpan(elements, plan: plan, lease: lease))
  }
}
