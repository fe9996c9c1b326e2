internal import Synchronization

/// The elements of a sequence that can be traversed only once, and by one thread at a time, in parallel.
///
/// For plain sequences that are not `Sendable`, such as most that are made of closures:
///
///     let powers = ParallelConsumed(sequence(first: 1) { $0 < 1 << 60 ? $0 * 2 : nil })
///     let sum = powers.map { work($0) }.sum()
///
/// The sequence is consumed: nothing else may hold a part of it, which the compiler checks. The threads take turns
/// advancing its iterator, block by block, as for ``ParallelPulled``. The first terminal consumes it; a second one, on
/// any copy, traps.
public struct ParallelConsumed<Base: Sequence>: ParallelSequence where Base.Element: Sendable {
  public typealias Element = Base.Element

  @usableFromInline let box: Box
  public let plan: LoopPlan

  /// Creates a parallel sequence that takes over a plain one.
  ///
  /// - Parameters:
  ///   - base: The sequence.
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer elements than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more elements than this without checking whether another worker is hungry.
  ///   - maximumInFlight: At most this many iterations are open at once.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public init(
    _ base: sending Base, in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max,
    maximumInFlight: Int = .max
  ) {
    box = Box(base)
    plan = LoopPlan(
      pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
  }

  /// Holds the sequence until it is consumed.
  ///
  /// SAFETY: Nothing else has a part of the sequence, since it was sent here, and it is taken out once.
  @usableFromInline
  final class Box: @unchecked Sendable {
    @usableFromInline var base: Base?
    private let isTaken = Atomic(false)

    @usableFromInline
    init(_ base: sending Base) { self.base = base }

    @usableFromInline
    func take() -> Base {
      // Acquiring and releasing: only the first caller goes on to access `base`.
      require(
        !isTaken.exchange(true, ordering: .acquiringAndReleasing),
        "a sequence that can be run through once is used a second time")
      defer { base = nil }
      return base!
    }
  }

  /// Not known, and never asked for.
  @inlinable public var positionCount: Int { .max }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    unsafe PulledSource.with(box.take().makeIterator(), body)
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
    unsafe PulledSource<Base.Iterator>.at(source).forEachElement(at: positions, state: &state, receive: receive)
  }

  @inlinable public static var isSupplied: Bool { true }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int {
    unsafe PulledSource<Base.Iterator>.at(source).puller.pointee.pull(upTo: end)
  }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) { unsafe PulledSource<Base.Iterator>.at(source).turn() }
}
