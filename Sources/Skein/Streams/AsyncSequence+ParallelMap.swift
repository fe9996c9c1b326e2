extension AsyncSequence where Self: Sendable, Element: Sendable {
  /// Returns an asynchronous sequence of the elements transformed on several threads; results arrive in order, as early
  /// as possible.
  ///
  ///     let pages = urls.parallelMap(maximumInFlight: 16) { try render($0) }
  ///     for try await page in pages { show(page) }
  ///
  /// The closure is synchronous. It runs on workers of `pool` that wait for nothing, several at a time; so it may block
  /// a worker, as any work of the pool may, but never a thread of Swift's tasks. It sees the task-local values of the
  /// task that requests the first result, and ``ThreadPool/isCancelled`` when the stream has ended.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is passed to
  /// the consumer. At most `maximumInFlight` elements are in flight; at that number, nothing is pulled. Elements need
  /// not be on a worker as soon as they are pulled: if the limit is somewhat larger than the pool, workers have
  /// something to do while a slow element holds up the results after it.
  ///
  /// *The end.* An error of the closure or of this sequence comes after all earlier results, and ends the stream. So
  /// does the last result. If the consuming task is cancelled, the stream ends at once: by throwing `CancellationError`
  /// if it can throw any error, and otherwise by returning nil. It also ends when its iterator and all copies of it are
  /// gone. Elements that have not been begun are then destroyed; closures that are running continue to their end, and
  /// their results are destroyed. The task that pulls is cancelled.
  ///
  /// If results need not come in order (`ordered: false`), each arrives as soon as it exists. In that case an error of
  /// the closure comes when it is thrown, after the results that exist already, and an error of this sequence after all
  /// results.
  ///
  /// Nothing happens before the first result is requested. Each iterator runs the sequence anew.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results come in the order of the elements.
  ///   - maximumInFlight: The maximum number of elements in flight.
  ///   - pool: The pool to run in. It must not be shut down before the stream has ended.
  ///   - transform: Makes the result of an element.
  /// - Precondition: `maximumInFlight` is at least 1.
  /// - Complexity: Work O(*n*) calls, and several microseconds for each element; if the closure takes less, it should
  ///   process many elements at once.
  public func parallelMap<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, Failure> {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlight: maximumInFlight), pool: pool,
      transform: { (element) throws(Failure) in transform(element) }, convert: { $0 })
  }

  /// Like `parallelMap(ordered:maximumInFlight:in:_:)` with a closure that does not throw, but with one that may: its
  /// error comes after all earlier results.
  @_disfavoredOverload
  public func parallelMap<Transformed, E>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, E> where Failure == Never {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlight: maximumInFlight), pool: pool,
      transform: transform, convert: { (_: Never) -> E in })
  }

  /// Like `parallelMap(ordered:maximumInFlight:in:_:)` with a closure that does not throw, but with one that may: its
  /// error comes after all earlier results. So does that of this sequence.
  @_disfavoredOverload
  public func parallelMap<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) throws -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, any Error> {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlight: maximumInFlight), pool: pool,
      transform: transform, convert: { $0 })
  }

  /// Returns an asynchronous sequence of the elements transformed on several threads; results arrive in order, as early
  /// as possible.
  ///
  ///     let pages = urls.parallelMap(maximumInFlight: 16) { try render($0) }
  ///     for try await page in pages { show(page) }
  ///
  /// The closure is synchronous. It runs on workers of `pool` that wait for nothing, several at a time; so it may block
  /// a worker, as any work of the pool may, but never a thread of Swift's tasks. It sees the task-local values of the
  /// task that requests the first result, and ``ThreadPool/isCancelled`` when the stream has ended.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is passed to
  /// the consumer. Nothing is pulled while those in flight cost `maximumInFlightBytes` or more. Elements need not be on
  /// a worker as soon as they are pulled: if the limit is somewhat larger than the pool, workers have something to do
  /// while a slow element holds up the results after it.
  ///
  /// *The end.* An error of the closure or of this sequence comes after all earlier results, and ends the stream. So
  /// does the last result. If the consuming task is cancelled, the stream ends at once: by throwing `CancellationError`
  /// if it can throw any error, and otherwise by returning nil. It also ends when its iterator and all copies of it are
  /// gone. Elements that have not been begun are then destroyed; closures that are running continue to their end, and
  /// their results are destroyed. The task that pulls is cancelled.
  ///
  /// If results need not come in order (`ordered: false`), each arrives as soon as it exists. In that case an error of
  /// the closure comes when it is thrown, after the results that exist already, and an error of this sequence after all
  /// results.
  ///
  /// Nothing happens before the first result is requested. Each iterator runs the sequence anew.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results come in the order of the elements.
  ///   - maximumInFlightBytes: An element is pulled only while those in flight cost less than this. Its own cost is
  ///     known only then, so the total may exceed this by the cost of one element.
  ///   - cost: The number of bytes that an element and its result take. Zero counts as one byte, so that there is
  ///     always a limit to the number of elements.
  ///   - pool: The pool to run in. It must not be shut down before the stream has ended.
  ///   - transform: Makes the result of an element.
  /// - Precondition: `maximumInFlightBytes` is at least 1, and no cost is negative.
  /// - Complexity: Work O(*n*) calls, and several microseconds for each element; if the closure takes less, it should
  ///   process many elements at once.
  public func parallelMap<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int,
    in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, Failure> {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlightBytes: maximumInFlightBytes, cost: cost),
      pool: pool,
      transform: { (element) throws(Failure) in transform(element) }, convert: { $0 })
  }

  /// Like `parallelMap(ordered:maximumInFlightBytes:cost:in:_:)` with a closure that does not throw, but with one that
  /// may: its error comes after all earlier results.
  @_disfavoredOverload
  public func parallelMap<Transformed, E>(
    ordered isOrdered: Bool = true, maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int,
    in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, E> where Failure == Never {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlightBytes: maximumInFlightBytes, cost: cost),
      pool: pool,
      transform: transform, convert: { (_: Never) -> E in })
  }

  /// Like `parallelMap(ordered:maximumInFlightBytes:cost:in:_:)` with a closure that does not throw, but with one that
  /// may: its error comes after all earlier results. So does that of this sequence.
  @_disfavoredOverload
  public func parallelMap<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int,
    in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) throws -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, any Error> {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlightBytes: maximumInFlightBytes, cost: cost),
      pool: pool,
      transform: transform, convert: { $0 })
  }
}
