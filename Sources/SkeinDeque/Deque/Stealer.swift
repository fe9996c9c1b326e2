/// A handle through which any thread takes the oldest elements of a ``WorkStealingDeque``.
///
/// Copies are alike and refer to the same deque. It keeps what the deque holds alive: when the owner is gone, thieves can
/// still take what is left, and the last handle destroys the rest.
///
/// **Progress.** Every operation is lock-free: it answers ``StealResult/retry`` only because another thread took an element
/// or the owner changed the array in the meantime, never without a contender. A stalled thief delays nobody.
@frozen
public struct Stealer<Element: ~Copyable>: Sendable {
  @usableFromInline
  let lifetime: DequeLifetime<Element, MachineWord>
  // The address that `lifetime` holds and keeps valid, once more, so that using it counts no reference.
  @usableFromInline
  let end: ThiefEnd<Element, MachineWord>

  @inlinable
  init(lifetime: DequeLifetime<Element, MachineWord>) {
    self.lifetime = lifetime
    end = ThiefEnd(lifetime.control)
  }

  /// Takes the oldest element.
  ///
  /// - Returns: `.empty` if there was none when looking; `.retry` if another thread was faster.
  /// - Complexity: O(1), with one compare-exchange.
  @inlinable @inline(__always)
  public func steal() -> sending StealResult<Element> {
    // SAFETY: an element was sent to the deque, and this thread has claimed it: nobody else has it.
    nonisolated(unsafe) let result = end.steal()
    return unsafe result
  }

  /// Moves half of the elements, rounded up, but no more than `limit`, to another deque.
  ///
  /// The destination pops what it got in the order that this deque would have: the oldest stolen first if this is `.fifo`,
  /// the newest stolen first if it is `.lifo`. A `.fifo` deque is robbed of a batch with a single claim, all or
  /// nothing; from a `.lifo` deque, whose owner pops at the other end, each element is claimed on its own, and losing a
  /// claim after the first ends the batch with fewer.
  ///
  /// - Parameters:
  ///   - limit: the most elements to take.
  ///   - destination: the thief's own deque. If it is the one stolen from, nothing moves.
  /// - Returns: how many were moved; `.empty` if there were none; `.retry` if another thread was faster.
  /// - Precondition: `limit` is at least 1.
  /// - Complexity: O(`limit`).
  @inlinable
  public func steal(upTo limit: Int = 32, into destination: inout WorkStealingDeque<Element>) -> StealResult<Int> {
    end.steal(upTo: limit, into: &destination.end)
  }

  /// Moves a batch like `steal(upTo:into:)`, unless there are fewer than `minimum` elements.
  ///
  /// - Returns: `.empty` if there were fewer than `minimum`.
  /// - Precondition: `limit` is at least 1.
  @inlinable
  public func steal(
    upTo limit: Int = 32, ifAtLeast minimum: Int, into destination: inout WorkStealingDeque<Element>
  ) -> StealResult<Int> {
    end.steal(upTo: limit, ifAtLeast: minimum, into: &destination.end)
  }

  /// Moves a batch like `steal(upTo:into:)`, and hands out the element that the destination would pop first of it.
  ///
  /// That is the oldest from a `.fifo` deque, the newest of those taken from a `.lifo` deque. It counts towards `limit`. If
  /// `destination` is the deque stolen from, this is its `pop()`.
  ///
  /// - Precondition: `limit` is at least 1.
  /// - Complexity: O(`limit`).
  @inlinable
  public func stealAndPop(
    upTo limit: Int = 32, into destination: inout WorkStealingDeque<Element>
  ) -> sending StealResult<Element> {
    // SAFETY: as in `steal()`.
    nonisolated(unsafe) let result = end.stealAndPop(upTo: limit, into: &destination.end)
    return unsafe result
  }

  /// How many elements there were at some moment during the call.
  @inlinable
  public var approximateCount: Int { end.control.count() }

  /// Whether there was nothing at some moment during the call.
  ///
  /// The loads are sequentially consistent, a push's store is a release: a scheduler that puts a worker to sleep on seeing
  /// `true` has to have a sequentially consistent access of its own between a push and its look for sleepers.
  @inlinable
  public var isEmpty: Bool { end.control.isEmpty() }
}
