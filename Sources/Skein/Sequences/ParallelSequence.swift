/// Elements that can be processed on several threads at once.
///
/// A parallel sequence is a lazy description: a source such as `array.parallel`, and what is to be done with each element. Nothing
/// happens before a terminal such as `forEach`, `reduce` or `Array(_:)` runs it; then all steps run fused, element by element, in
/// batches on the threads of a pool.
///
/// Every terminal gives the answer of the sequential loop, and throws the error that the sequential loop would throw first.
/// Closures run on any worker, several at a time, and so are `@Sendable`.
///
/// ## Conforming
/// A sequence has *positions* `0 ..< positionCount`. Its *leaf*, `forEachElement`, hands on in order, for any range of positions, the
/// elements that come from there: exactly one each for a `ParallelCollection`, any number otherwise. That is all that the engine
/// needs to divide it anywhere.
///
/// A `ParallelCollection` can also be asked for the element at a position. That is how an adaptor reads from two chains at once (the leaf
/// of one is run, the other is asked), or in another order than that of the positions.
///
/// Sequences that make at most one element of each of another one are stages of a chain, which has a root; see ``ParallelStage``. All others
/// are roots themselves, and need not say anything about it.
///
/// The leaf is a static function: what it reads from, and the closures it calls, come as pointers, what it makes goes into a state
/// that is passed along. So the leaves of a whole chain become one loop, which calls each closure directly. `ClosureLender` says how
/// the closures get there, and when they are part of that loop.
public protocol ParallelSequence<Element, Failure>: Sendable {
  /// What it hands on.
  associatedtype Element
  /// What its closures throw.
  associatedtype Failure: Error = Never

  /// How the loop is to be run.
  var plan: LoopPlan { get }

  /// The number of positions.
  var positionCount: Int { get }

  /// The number of elements if it is known, and then exactly one comes from each position; nil otherwise.
  var knownCount: Int? { get }

  /// Calls `body` with the address of whatever the leaf reads from, which stays good until `body` returns.
  func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result

  /// What the elements of a chain are made of; see `ParallelStage`. A sequence that is no stage is its own root.
  associatedtype ChainRoot: ParallelSequence = Self
  /// The values that closures of the chain are handed; see `ParallelStage`.
  associatedtype HandedValues: Sendable = Void

  /// What the elements are made of. Its `withSource` gives what the leaf of this sequence reads from.
  var chainRoot: ChainRoot { get }

  /// What closures of the chain are handed.
  var handedValues: HandedValues { get }

  /// Makes what becomes of an element of the root. It captures nothing but closures.
  var processElement: @Sendable (ChainRoot.Element, HandedValues) -> Processed<Element, Failure> { get }

  /// Whether each element of the root becomes one element.
  static var isOneForOne: Bool { get }

  /// Lends the closures of this sequence, and of those that it is made of, to a leaf. It captures nothing but closures.
  func lendClosures() -> ClosureLender

  /// Hands the elements from some positions to `receive`, in order, until that answers false or a closure of this sequence throws,
  /// which `fail` is told.
  ///
  /// - Parameters:
  ///   - source: What `withSource` gave.
  ///   - positions: Where the elements come from.
  ///   - closures: What `lendClosures` lent.
  ///   - state: What `receive` and `fail` make of them.
  ///   - receive: Called with each element; answers whether to go on.
  ///   - fail: Called with the error that a closure of this sequence throws.
  /// - Returns: Whether all elements have been handed on.
  static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool

  /// Whether nobody knows beforehand how many positions there are, so that they are supplied block by block; see `Supply.swift`.
  static var isSupplied: Bool { get }

  /// Makes further positions of a supplied sequence ready, up to `end` if there are so many, while those before them may still be read.
  /// - Returns: The end of those that are ready. If that is less than `end`, there are no more.
  static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int

  /// Says that nobody reads any more from the positions before those that were supplied last.
  static func turn(_ source: UnsafeRawPointer)

  /// Whether nothing comes any more from any position that has not been begun, so that the loop may end.
  static func isExhausted(_ source: UnsafeRawPointer) -> Bool
}

/// A parallel sequence with exactly one element for each of its positions, so that its count is known and any
/// element's place in the result is known before it is computed.
public protocol ParallelCollection<Element, Failure>: ParallelSequence {
  /// The element at a position, which costs what the closures of the chain cost and no more.
  ///
  /// - Parameters:
  ///   - position: Less than `positionCount`.
  ///   - source: What `withSource` gave.
  ///   - closures: What `lendClosures` lent.
  static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element
}

extension ParallelSequence {
  @inlinable public var knownCount: Int? { nil }

  @inlinable public static var isSupplied: Bool { false }

  @inlinable
  public static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int { end }

  @inlinable
  public static func turn(_ source: UnsafeRawPointer) {}

  @inlinable
  @inline(__always)
  public static func isExhausted(_ source: UnsafeRawPointer) -> Bool { false }
}

extension ParallelCollection {
  /// The number of elements.
  /// - Complexity: O(1).
  /// - Precondition: An `Int` can count them.
  @inlinable
  public var count: Int {
    requireCountable()
    return positionCount
  }

  /// Traps if there are more elements than an `Int` can count, so that the last position holds all that have none of their own.
  @inlinable
  func requireCountable() { require(knownCount != nil, "there are more elements than an Int can count") }

  @inlinable
  public var knownCount: Int? { positionCount }
}
