/// A deque with one owner, which pushes and pops, and any number of thieves, which take the oldest elements from other
/// threads.
///
/// The owner pushes at one end and pops from the end that its ``Order`` determines; a ``Stealer``, which is copyable
/// and may be used anywhere, takes from the front.
///
///     var deque = WorkStealingDeque<Int>(order: .lifo)
///     let stealer = deque.stealer
///     deque.push(1)
///     deque.push(2)
///     stealer.steal()     // success(1)
///     deque.pop()         // 2
///
/// **One owner.** The type is neither copyable nor `Sendable`: the compiler checks that one thread at a time owns it.
/// It can be passed to another thread as a `sending` value.
///
/// **Elements** may be non-copyable, and need not be `Sendable`: they are sent to the deque, and the thread that takes
/// one has exclusive ownership. Every element is taken once, or destroyed once, when the owner and all stealers are
/// gone. An element is moved bitwise, without allocation. One that is not bitwise takable, because it has a `weak`
/// variable or is of a C++ type with a move constructor, gets memory of its own when it is pushed.
///
/// **Progress.** A push is wait-free except for a change of array, which copies the elements; a pop of a `.lifo` deque
/// is wait-free, one of a `.fifo` deque lock-free. A stalled thread, at any point, delays no other and holds back no
/// memory.
///
/// **Order.** Everything that a thread did before it pushed an element happens before whatever the thread that takes
/// the element does next.
///
/// **Memory.** The array of elements doubles when it is full. It halves when a pop leaves it nearly empty or finds it
/// empty, and when a push that reached its end finds that thieves have drained it, but never below the minimum
/// capacity.
///
/// Chase and Lev, "Dynamic Circular Work-Stealing Deque" (SPAA 2005); Lê, Pop, Cohen and Zappa Nardelli, "Correct and
/// Efficient Work-Stealing for Weak Memory Models" (PPoPP 2013).
@frozen
public struct WorkStealingDeque<Element: ~Copyable>: ~Copyable {
  /// The end from which the owner pops.
  public typealias Order = DequeOrder
  /// The handle by which other threads take elements.
  public typealias Stealer = SkeinDeque.Stealer<Element>

  @usableFromInline
  var end: OwnerEnd<Element, MachineWord>

  /// Creates an empty deque.
  ///
  /// - Parameters:
  ///   - order: the end from which the owner pops.
  ///   - minimumCapacity: the number of elements for which there is always room, rounded up to a power of two.
  /// - Precondition: `minimumCapacity` is at least 1.
  @inlinable
  public init(order: Order = .lifo, minimumCapacity: Int = 64) {
    end = OwnerEnd(order: order, minimumCapacity: minimumCapacity)
  }

  /// Creates a deque with another start of the indices, for tests of what happens at the end of the word.
  package init(order: Order, minimumCapacity: Int = 64, startingAt index: Int) {
    end = OwnerEnd(order: order, minimumCapacity: minimumCapacity, index: index)
  }

  /// Adds an element at the back.
  ///
  /// - Complexity: amortised O(1), with one ordinary store after the element's words; wait-free while the array has room.
  @inlinable @inline(__always)
  public mutating func push(_ element: consuming sending Element) {
    end.push(element)
  }

  /// Takes and returns the newest element of a `.lifo` deque or the oldest of a `.fifo` deque; `nil` if there is none.
  ///
  /// - Complexity: amortised O(1), with one sequentially consistent access, and one compare-exchange more for the last
  ///   element of a `.lifo` deque.
  @inlinable @inline(__always)
  public mutating func pop() -> sending Element? {
    // SAFETY: an element was sent here, and this thread has claimed it: no other thread has it.
    nonisolated(unsafe) let element = end.pop()
    return unsafe element
  }

  /// A handle by which any thread can take elements; it may outlive the deque.
  ///
  /// - Complexity: O(1).
  @inlinable
  public var stealer: Stealer {
    Stealer(lifetime: end.lifetime)
  }

  /// The order in which the owner pops.
  @inlinable
  public var order: Order { end.order }

  /// The number of elements at some moment during the call; thieves may have changed it since.
  @inlinable
  public var approximateCount: Int { end.control.count() }

  /// Whether the deque was empty at some moment during the call. Once the owner sees `true`, it stays so until the next
  /// push.
  @inlinable
  public var isEmpty: Bool { end.control.isEmpty() }
}

extension WorkStealingDeque where Element: ~Copyable {
  /// The number of elements for which the array in use has room.
  @inlinable
  public var capacity: Int { end.capacity }

  /// The lower bound of the array's capacity.
  @inlinable
  public var minimumCapacity: Int { end.minimumCapacity }

  /// The highest number of elements seen by the owner, which counts at each pop, change of array and call of this.
  @inlinable
  public var highWaterMark: Int {
    mutating get { end.seenHighWaterMark() }
  }

  /// Makes the array as small as its elements and ``minimumCapacity`` allow.
  ///
  /// Pops do so step by step; call this before a long time without any.
  /// - Complexity: O(`approximateCount`).
  @inlinable
  public mutating func shrinkToFit() { end.shrinkToFit() }
}
