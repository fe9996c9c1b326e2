/// A ``WorkStealingDeque`` with room for a fixed number of elements: a push that finds no room returns the element.
///
/// For back-pressure and for overflow into a shared queue. Nothing is allocated after `init`, and all operations of the
/// owner are wait-free, except `pop()` of a `.fifo` deque, which is lock-free. Thieves use the same ``Stealer``.
///
///     if let refused = deque.push(task) { overflow.push(refused) }
@frozen
public struct BoundedWorkStealingDeque<Element: ~Copyable>: ~Copyable {
  /// The end from which the owner pops.
  public typealias Order = DequeOrder

  @usableFromInline
  var end: OwnerEnd<Element, MachineWord>

  /// The number of elements for which there is room.
  public let capacity: Int

  /// Creates an empty deque.
  ///
  /// - Precondition: `capacity` is at least 1.
  @inlinable
  public init(order: Order = .lifo, capacity: Int) {
    end = OwnerEnd(order: order, minimumCapacity: capacity)
    self.capacity = capacity
  }

  /// Adds an element at the back, or returns it if there is no room.
  ///
  /// The push fails only if the deque was full at some moment during the call.
  /// - Complexity: O(1), wait-free.
  @inlinable
  public mutating func push(_ element: consuming sending Element) -> sending Element? {
    if room == 0 {
      // SAFETY: an element was sent here, and is returned to where it came from.
      nonisolated(unsafe) let refused = element
      return unsafe refused
    }
    end.push(element)
    return nil
  }

  /// Takes and returns the newest element of a `.lifo` deque or the oldest of a `.fifo` deque; `nil` if there is none.
  @inlinable
  public mutating func pop() -> sending Element? {
    // SAFETY: an element was sent here, and this thread has claimed it: no other thread has it.
    nonisolated(unsafe) let element = end.pop()
    return unsafe element
  }

  /// A handle through which any thread can take elements; it may outlive the deque.
  @inlinable
  public var stealer: Stealer<Element> { Stealer(lifetime: end.lifetime) }

  /// The order in which the owner pops.
  @inlinable
  public var order: Order { end.order }

  /// The number of elements at some moment during the call.
  @inlinable
  public var approximateCount: Int { end.control.count() }

  /// Whether the deque was empty at some moment during the call.
  @inlinable
  public var isEmpty: Bool { end.control.isEmpty() }

  /// The highest number of elements seen by the owner, which counts at each pop and each call of this.
  @inlinable
  public var highWaterMark: Int { mutating get { end.seenHighWaterMark() } }

  /// How many more elements fit; thieves can only add to it.
  @inlinable
  public var room: Int {
    mutating get {
      if capacity &- (end.back &- end.knownFront) > 0 { return capacity &- (end.back &- end.knownFront) }
      return capacity &- end.look()
    }
  }
}

extension Stealer where Element: ~Copyable {
  /// Moves a batch like `steal(upTo:into:)`, but no more than there is room for.
  ///
  /// - Returns: the number of elements moved: zero if there is no room.
  /// - Precondition: `limit` is at least 1.
  @inlinable
  public func steal(upTo limit: Int = 32, into destination: inout BoundedWorkStealingDeque<Element>) -> StealResult<Int>
  {
    checkLimit(limit)
    let room = destination.room
    return room == 0 ? .success(0) : end.steal(upTo: min(limit, room), into: &destination.end)
  }

  /// Takes a batch like `stealAndPop(upTo:into:)`, but no more than there is room for: without room, one element.
  ///
  /// - Precondition: `limit` is at least 1.
  @inlinable
  public func stealAndPop(
    upTo limit: Int = 32, into destination: inout BoundedWorkStealingDeque<Element>
  ) -> sending StealResult<Element> {
    checkLimit(limit)
    let room = destination.room
    // A batch of one would need a cell of the destination in passing.
    if room == 0, !(end.control == destination.end.control) { return steal() }
    // SAFETY: as in `steal()`.
    nonisolated(unsafe) let result = end.stealAndPop(upTo: min(limit, max(room, 1)), into: &destination.end)
    return unsafe result
  }
}

extension InjectionQueue where Element: ~Copyable {
  /// Moves a batch like `steal(upTo:into:)`, but no more than there is room for.
  ///
  /// - Returns: the number of elements moved: zero if there is no room.
  /// - Precondition: `limit` is at least 1.
  @inlinable
  public func steal(upTo limit: Int = 32, into destination: inout BoundedWorkStealingDeque<Element>) -> StealResult<Int>
  {
    checkLimit(limit)
    let room = destination.room
    return room == 0 ? .success(0) : core.steal(upTo: min(limit, room), into: &destination.end)
  }

  /// Takes a batch like `stealAndPop(upTo:into:)`, but no more than there is room for: without room, one element.
  ///
  /// - Precondition: `limit` is at least 1.
  @inlinable
  public func stealAndPop(
    upTo limit: Int = 32, into destination: inout BoundedWorkStealingDeque<Element>
  ) -> sending StealResult<Element> {
    checkLimit(limit)
    let room = destination.room
    if room == 0 { return steal() }
    // SAFETY: as in `steal()`.
    nonisolated(unsafe) let result = core.stealAndPop(upTo: min(limit, room), into: &destination.end)
    return unsafe result
  }
}
