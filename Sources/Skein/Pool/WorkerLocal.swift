/// A value for each worker: scratch memory, a counter, a random-number generator.
///
///     let scratch = WorkerLocal { [Double](repeating: 0, count: 4096) }
///     rows.parallel.forEach { row in scratch.withValue { buffer in transform(row, &buffer) } }
///
/// Values are made when they are first needed. One that is in use is never given out a second time: should a closure that holds a
/// value use the same `WorkerLocal` again on its thread, directly or through a parallel call, it gets a further value. So it
/// may be held across parallel calls.
///
/// A loop that needs scratch of its own takes `map(withScratch:)` or `forEach(withScratch:)`, which ends with the loop.
public final class WorkerLocal<Value: Sendable>: Sendable {
  @usableFromInline let makeValue: @Sendable () -> Value
  @usableFromInline let idle: IdleValues<Value>

  /// How many positions are found without a lock: more than most machines have processors.
  private static var positions: Int { 64 }

  /// - Parameter makeValue: Makes a value; called on the thread that needs it.
  public init(_ makeValue: @escaping @Sendable () -> Value) {
    self.makeValue = makeValue
    idle = IdleValues(positions: Self.positions)
  }

  deinit { idle.destroy() }

  /// Calls `body` with this worker's value, which nobody else has meanwhile.
  ///
  /// On a worker that costs a few nanoseconds; a thread outside any pool takes a lock.
  /// - Throws: What `body` throws. The value keeps what `body` has made of it.
  @inlinable
  public func withValue<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    try idle.withValue(makeValue: makeValue, body)
  }

  /// All values that have been made and are not in use, by worker index.
  public var values: [Value] { idle.copies() }

  /// Takes all values that have been made and are not in use out, by worker index.
  public func removeAll() -> [Value] {
    idle.removeAll().map { entry in
      // SAFETY: whoever takes a value out has it alone.
      let value = unsafe UnsafeMutablePointer<Value>(bitPattern: entry.address)!
      defer { unsafe value.deallocate() }
      return unsafe value.move()
    }
  }
}
