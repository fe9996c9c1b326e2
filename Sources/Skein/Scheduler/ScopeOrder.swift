/// The order in which the worker that waits for a scope starts its tasks.
public enum ScopeOrder: Sendable {
  /// Newest first: best for data that is still in the cache, and for trees of tasks, which keep few pending.
  case lifo
  /// Oldest first.
  case fifo
}
