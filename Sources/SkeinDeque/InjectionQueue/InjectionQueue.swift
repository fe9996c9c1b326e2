/// A queue into which any thread pushes and from which any thread steals: the way for outside work into a pool.
///
/// Elements leave in the order in which their pushes claimed a place.
///
/// **Elements** are as in a ``WorkStealingDeque``: possibly non-copyable, sent in, taken once or destroyed once.
///
/// **Progress.** Stealing never waits. A thief that has claimed a place whose pusher is late looks a bounded number of
/// times, gives the place up and returns ``StealResult/retry``; the pusher then takes another place, so a stalled
/// pusher delays its own element only. There are two short sections, once in 63 elements, in which a stalled thread
/// delays others of its kind: between claiming the last place of a block and putting the next block in place. Pushers
/// then wait, yielding their time slice; thieves return `.retry`. Apart from that a claim fails only when another
/// succeeds. A single thread never sees `.retry`.
///
/// **Order.** Everything that a thread did before it pushed an element happens before whatever the thread that takes
/// the element does next. A push's claim and ``isEmpty`` are sequentially consistent.
///
/// **Memory.** Blocks of 63 elements are allocated as needed and freed when their last element has been taken; one
/// empty block is kept.
// SAFETY: `core` is an address that never changes, and points only to shared words.
public final class InjectionQueue<Element: ~Copyable>: @unchecked Sendable {
  @usableFromInline
  let core: InjectionCore<Element, MachineWord>

  /// Creates an empty queue.
  @inlinable
  public init() { core = InjectionCore() }

  /// Creates a queue with another start of the indices, for tests of what happens at the end of the word.
  package init(startingAt index: Int) { core = InjectionCore(index: index) }

  @inlinable
  deinit { core.destroy() }

  /// Adds an element at the end.
  ///
  /// - Complexity: O(1), with two atomic exchanges, and an allocation at most once in 63 calls.
  @inlinable @inline(__always)
  public func push(_ element: consuming sending Element) {
    core.push(element)
  }

  /// Takes and returns the oldest element.
  ///
  /// - Returns: `.empty` if there was none when the thief looked; `.retry` if another thief was faster or the element's
  ///   pusher is late.
  /// - Complexity: O(1), with one compare-exchange and one addition.
  @inlinable @inline(__always)
  public func steal() -> sending StealResult<Element> {
    // SAFETY: an element was sent here, and this thread has claimed it: no other thread has it.
    nonisolated(unsafe) let result = core.steal()
    return unsafe result
  }

  /// Moves half of the elements, rounded up, but no more than `limit`, to a deque, which will pop the oldest of them first.
  ///
  /// - Returns: the number of elements moved; fewer than stated if another thief was faster from some point on.
  /// - Precondition: `limit` is at least 1.
  /// - Complexity: O(`limit`).
  @inlinable
  public func steal(upTo limit: Int = 32, into destination: inout WorkStealingDeque<Element>) -> StealResult<Int> {
    core.steal(upTo: limit, into: &destination.end)
  }

  /// Moves a batch like `steal(upTo:into:)`, unless there are fewer than `minimum` elements.
  ///
  /// - Returns: `.empty` if there were fewer than `minimum`.
  /// - Precondition: `limit` is at least 1.
  @inlinable
  public func steal(
    upTo limit: Int = 32, ifAtLeast minimum: Int, into destination: inout WorkStealingDeque<Element>
  ) -> StealResult<Int> {
    core.steal(upTo: limit, ifAtLeast: minimum, into: &destination.end)
  }

  /// Moves a batch like `steal(upTo:into:)`, and returns the oldest element of it, which counts towards `limit`.
  ///
  /// - Precondition: `limit` is at least 1.
  /// - Complexity: O(`limit`).
  @inlinable
  public func stealAndPop(
    upTo limit: Int = 32, into destination: inout WorkStealingDeque<Element>
  ) -> sending StealResult<Element> {
    // SAFETY: as in `steal()`.
    nonisolated(unsafe) let result = core.stealAndPop(upTo: limit, into: &destination.end)
    return unsafe result
  }

  /// The number of elements at some moment during the call, including those whose push is not finished.
  @inlinable
  public var approximateCount: Int { core.count() }

  /// Whether the queue was empty at some moment during the call.
  @inlinable
  public var isEmpty: Bool { core.isEmpty() }
}
