/// A value for each worker: scratch memory, a counter, a random-number generator.
///
///     let scratch = WorkerLocal { [Double](repeating: 0, count: 4096) }
///     rows.parallel.forEach { row in scratch.withValue { buffer in transform(row, &buffer) } }
///
/// Values are made when they are first needed. One that is in use is never lent a second time: if a closure that uses a
/// value calls the same `WorkerLocal` again on its thread, directly or through a parallel call, it receives a further
/// value. So a value may be held across parallel calls.
///
/// A loop that needs scratch of its own can use `map(withScratch:)` or `forEach(withScratch:)`, whose values end with
/// the loop.
public final class WorkerLocal<Value: Sendable>: Sendable {
  @usableFromInline let makeValue: @Sendable () -> Value
  @usableFromInline let idle: IdleValues<Value>

  /// The number of positions found without a lock: more than most machines have processors.
  private static var positions: Int { 64 }

  /// - Parameter makeValue: Makes a value; called on the thread that needs it.
  public init(_ makeValue: @escaping @Sendable () -> Value) {
    self.makeValue = makeValue
    idle = IdleValues(positions: Self.positions)
  }

  deinit { idle.destroy() }

  /// Calls `body` with this worker's value, for exclusive use.
  ///
  /// On a worker that costs some ten nanoseconds; a thread outside any pool takes a lock.
  /// - Throws: The error of `body`. The value keeps the changes that `body` has made.
  @inlinable
  public func withValue<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try idle.withValue(makeValue: makeValue, body)
  }

  /// All values that have been made and are not in use, by worker index.
  public var values: [Value] { idle.copies() }

  /// Takes out all values that have been made and are not in use, by worker index.
  public func removeAll() -> [Value] {
    idle.removeAll().map { entry in
      // SAFETY: a thread that takes a value out has exclusive use of it.
      let value = unsafe UnsafeMutablePointer<Value>(bitPattern: entry.address)!
      defer { unsafe value.deallocate() }
      return unsafe value.move()
    }
  }
}
