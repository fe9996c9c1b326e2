extension ThreadPool {
  /// Runs a closure on some worker of this pool at some time, detached: nothing waits for it.
  ///
  /// It starts only on a worker that waits for nothing, never on top of other work (unless the pool's policy is
  /// `.anyWork`). Detached closures start in the order in which they were spawned. `shutdown()` waits for them.
  ///
  /// The closure sees copies of the task-local values of the spawning code, as a `Task` would.
  ///
  /// - Complexity: O(1), one allocation for the closure's context; half a microsecond more if there are task-local values.
  public func spawn(_ body: consuming @escaping @Sendable () -> Void) {
    core.lifecycle.accept(isPartOfAcceptedWork: core.isCalledByAcceptedWork)
    core.detach(DetachedClosure(TaskLocalCopies.keepingOnWorker(body)))
  }
}
