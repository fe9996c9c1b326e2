/// A sequence that can return the elements from any range of its *positions*, which is what parallel processing takes.
///
/// It is meant for sequences that are not `RandomAccessCollection`s (which need no conformance), such as a rope, a
/// tree, a bitmap, or the lines of a text:
///
///     struct Rope: DivisibleSequence {
///       var pieces: [String]
///       var positionCount: Int { pieces.count }
///       func elements(at positions: Range<Int>) -> FlattenSequence<ArraySlice<String>> { pieces[positions].joined() }
///     }
///
///     let vowels = rope.parallel.count { "aeiou".contains($0) }
///
/// Positions are what a loop divides: the more evenly elements are spread over them, the better. Each may have any
/// number of elements.
///
/// Several threads call `elements(at:)` at once, each for a range of its own, and the results together must be the
/// whole sequence, wherever it is divided: for i ≤ j ≤ k, the elements at i..<j followed by those at j..<k are those at
/// i..<k.
public protocol DivisibleSequence<Element>: Sendable {
  /// The type of the elements.
  associatedtype Element: Sendable
  /// The elements at some positions, to be traversed once by one thread.
  associatedtype Elements: Sequence<Element>

  /// The number of positions.
  var positionCount: Int { get }

  /// Returns the elements that belong to some positions, in order.
  func elements(at positions: Range<Int>) -> Elements
}

/// The elements of a divisible sequence, in parallel.
public struct ParallelDivided<Base: DivisibleSequence>: ParallelSequence {
  public typealias Element = Base.Element

  @usableFromInline let base: Base
  public let plan: LoopPlan
  public let positionCount: Int

  @inlinable
  init(_ base: Base, plan: LoopPlan) {
    self.base = base
    self.plan = plan
    positionCount = base.positionCount
  }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe withUnsafePointer(to: base) { unsafe body(UnsafeRawPointer($0)) }
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
    if positions.isEmpty { return true }
    for element in unsafe source.assumingMemoryBound(to: Base.self).pointee.elements(at: positions) {
      if !receive(element, &state) { return false }
    }
    return true
  }
}

extension DivisibleSequence {
  /// The elements of this sequence, to be processed in parallel.
  @inlinable
  public var parallel: ParallelDivided<Self> { ParallelDivided(self, plan: LoopPlan()) }

  /// Returns the elements of this sequence, to be processed in parallel as the parameters say.
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer positions than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more positions than this without checking whether another worker is hungry.
  ///   - maximumInFlight: At most this many pieces are open at once.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelDivided<Self> {
    ParallelDivided(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

// A type that is also an ordinary sequence, or a collection, has `parallel` twice. These are for it: they divide it.
extension DivisibleSequence where Self: Sequence {
  /// The elements of this sequence, to be processed in parallel.
  @inlinable
  public var parallel: ParallelDivided<Self> { ParallelDivided(self, plan: LoopPlan()) }

  /// Returns the elements of this sequence, to be processed in parallel as the parameters say.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelDivided<Self> {
    ParallelDivided(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension DivisibleSequence where Self: RandomAccessCollection {
  /// The elements of this sequence, to be processed in parallel.
  @inlinable
  public var parallel: ParallelDivided<Self> { ParallelDivided(self, plan: LoopPlan()) }

  /// Returns the elements of this sequence, to be processed in parallel as the parameters say.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelDivided<Self> {
    ParallelDivided(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}
