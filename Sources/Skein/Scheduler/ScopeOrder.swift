/// In which order the tasks of a scope are started by the worker that waits for it.
public enum ScopeOrder: Sendable {
  /// The newest first: best for data that is still in the cache, and for trees of tasks, whose waiting tasks stay few.
  case lifo
  /// The oldest first.
  case fifo
}
