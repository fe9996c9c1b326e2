/// A handle by which any thread takes the oldest elements of a ``WorkStealingDeque``.
///
/// Copies are equivalent and refer to the same deque. A stealer keeps the deque's contents alive: when the owner is
/// gone, thieves can still take the remaining elements, and the last handle destroys the rest.
///
/// **Progress.** Every operation is lock-free: it returns ``StealResult/retry`` only because another thread took an
/// element or the owner changed the array in the meantime, never without a contender. A stalled thief delays no other
/// thread.
@frozen
public struct Stealer<Element: ~Copyable>: Sendable {
  @usableFromInline
  let lifetime: DequeLifetime<Element, MachineWord>
  // The address that `lifetime` holds and keeps valid, repeated so that using it does no reference counting.
  @usableFromInline
  let end: ThiefEnd<Element, MachineWord>

  @inlinable
  init(lifetime: DequeLifetime<Element, MachineWord>) {
    self.lifetime = lifetime
    end = ThiefEnd(lifetime.control)
  }

  /// Takes and returns the oldest element.
  ///
  /// - Returns: `.empty` if there was none when the thief looked; `.retry` if another thread was faster.
  /// - Complexity: O(1), with one compare-exchange.
  @inlinable @inline(__always)
  public func steal() -> sending StealResult<Element> {
    // SAFETY: an element was sent to the deque, and this thread has claimed it: no other thread has it.
    nonisolated(unsafe) let result = end.steal()
    return unsafe result
  }

  /// Moves half of the elements, rounded up, but no more than `limit`, to another deque.
  ///
  /// The destination pops the batch in the order that this deque would have: the oldest stolen first if this is
  /// `.fifo`, the newest stolen first if it is `.lifo`. From a `.fifo` deque a batch is taken with a single claim, all
  /// or nothing; from a `.lifo` deque, whose owner pops at the other end, each element is claimed on its own, and
  /// losing a claim after the first ends the batch early.
  ///
  /// - Parameters:
  ///   - limit: the maximum number of elements to take.
  ///   - destination: the thief's own deque. If it is the one stolen from, nothing moves.
  /// - Returns: the number of elements moved; `.empty` if there were none; `.retry` if another thread was faster.
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

  /// Moves a batch like `steal(upTo:into:)`, and returns the element of it that the destination would pop first.
  ///
  /// That is the oldest from a `.fifo` deque, the newest of those taken from a `.lifo` deque. It counts towards
  /// `limit`. If `destination` is the deque stolen from, this is its `pop()`.
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

  /// The number of elements at some moment during the call.
  @inlinable
  public var approximateCount: Int { end.control.count() }

  /// Whether the deque was empty at some moment during the call.
  ///
  /// The loads are sequentially consistent, a push's store is a release: a scheduler that puts a worker to sleep on
  /// seeing `true` needs a sequentially consistent access of its own between a push and its check for sleepers.
  @inlinable
  public var isEmpty: Bool { end.control.isEmpty() }
}
