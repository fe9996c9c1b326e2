/// The end from which the owner of a deque pops; thieves always take the oldest element.
@frozen
public enum DequeOrder: Sendable, Hashable, CaseIterable {
  /// The owner pops the newest element: depth first, warm caches, the order of fork and join.
  case lifo
  /// The owner pops the oldest element: a queue that others may steal from, fair among tasks.
  case fifo
}
