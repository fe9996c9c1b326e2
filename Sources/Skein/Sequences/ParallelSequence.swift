/// Elements that can be processed on several threads at once.
///
/// A parallel sequence is a lazy description: a source such as `array.parallel`, and the operations on each element.
/// Nothing happens before a terminal such as `forEach`, `reduce` or `Array(_:)` runs it; then all steps run fused,
/// element by element, in batches on the threads of a pool.
///
/// Every terminal returns the result of the sequential loop, and throws the error that the sequential loop would throw
/// first. Closures run on any worker, several at a time, and so are `@Sendable`.
///
/// ## Conforming
/// A sequence has *positions* `0 ..< positionCount`. Its *leaf*, `forEachElement`, passes on in order, for any range of
/// positions, the elements that come from there: exactly one each for a `ParallelCollection`, any number otherwise.
/// That is all that the engine needs to divide it anywhere.
///
/// A `ParallelCollection` can also be asked for the element at a position. That is how an adaptor reads from two chains at once (the leaf
/// of one is run, the other is asked), or in another order than that of the positions.
///
/// Sequences that make at most one element from each element of another one are stages of a chain, which has a root;
/// see ``ParallelStage``. All others are roots themselves, and the defaults apply to them.
///
/// The leaf is a static function: its source and the closures it calls are passed as pointers, and its results go into
/// a state that is passed along. So the leaves of a whole chain become one loop, which calls each closure directly.
/// `ClosureLender` describes how the closures get there, and when they are part of that loop.
public protocol ParallelSequence<Element, Failure>: Sendable {
  /// The type of the elements.
  associatedtype Element
  /// The type of the errors of its closures.
  associatedtype Failure: Error = Never

  /// How the loop is to be run: the pool, and the limits of batches.
  var plan: LoopPlan { get }

  /// The number of positions.
  var positionCount: Int { get }

  /// The number of elements if it is known, in which case exactly one comes from each position; nil otherwise.
  var knownCount: Int? { get }

  /// Calls `body` with the address of the leaf's source, which stays valid until `body` returns.
  func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result

  /// The root of the chain; see `ParallelStage`. A sequence that is not a stage is its own root.
  associatedtype ChainRoot: ParallelSequence = Self
  /// The values that are passed to closures of the chain; see `ParallelStage`.
  associatedtype HandedValues: Sendable = Void

  /// The root of the chain. Its `withSource` provides the source of this sequence's leaf.
  var chainRoot: ChainRoot { get }

  /// The values that are passed to closures of the chain.
  var handedValues: HandedValues { get }

  /// Makes an element of this sequence, nothing or an error from an element of the root. It captures nothing but
  /// closures.
  var processElement: @Sendable (ChainRoot.Element, HandedValues) -> Processed<Element, Failure> { get }

  /// Whether each element of the root becomes one element.
  static var isOneForOne: Bool { get }

  /// Lends the closures of this sequence, and of those that it is made of, to a leaf. It captures nothing but closures.
  func lendClosures() -> ClosureLender

  /// Passes the elements from some positions to `receive`, in order, until that returns false or a closure of this
  /// sequence throws, whose error is passed to `fail`.
  ///
  /// - Parameters:
  ///   - source: The address from `withSource`.
  ///   - positions: Where the elements come from.
  ///   - closures: The closures from `lendClosures`.
  ///   - state: The state that `receive` and `fail` change.
  ///   - receive: Called with each element; returns whether to go on.
  ///   - fail: Called with the error that a closure of this sequence throws.
  /// - Returns: Whether all elements have been passed on.
  static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool

  /// Whether the number of positions is not known beforehand, so that they are supplied block by block; see
  /// `Supply.swift`.
  static var isSupplied: Bool { get }

  /// Makes further positions of a supplied sequence available, up to `end` if there are as many, while those before
  /// them may still be read.
  /// - Returns: The end of the available positions. If that is less than `end`, there are no more.
  static func supply(from source: UnsafeRawPointer, upTo end: Int) -> Int

  /// Announces that the positions before those supplied last are no longer read.
  static func turn(_ source: UnsafeRawPointer)

  /// Whether positions that have not been begun yield nothing any more, so that the loop may end.
  static func isExhausted(_ source: UnsafeRawPointer) -> Bool
}

/// A parallel sequence with exactly one element for each of its positions, so that its count is known, and the index of
/// any element before it is computed.
public protocol ParallelCollection<Element, Failure>: ParallelSequence {
  /// Returns the element at a position, calling no closures of the chain but those for this element.
  ///
  /// - Parameters:
  ///   - position: Less than `positionCount`.
  ///   - source: The address from `withSource`.
  ///   - closures: The closures from `lendClosures`.
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
  /// - Precondition: The number of elements fits in an `Int`.
  @inlinable
  public var count: Int {
    requireCountable()
    return positionCount
  }

  /// Traps if the number of elements does not fit in an `Int`, so that the last position holds all elements without one
  /// of their own.
  @inlinable
  func requireCountable() { require(knownCount != nil, "there are more elements than an Int can count") }

  /// The leaf of a collection that is asked for each element by its position.
  @inlinable
  @inline(__always)
  static func askForEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    for position in positions {
      do throws(Failure) {
        if !receive(unsafe try element(at: position, from: source, closures: closures), &state) { return false }
      } catch {
        fail(error, &state)
        return false
      }
    }
    return true
  }

  @inlinable
  public var knownCount: Int? { positionCount }
}
