extension AsyncSequence where Self: Sendable, Element: Sendable {
  /// Returns an asynchronous sequence of the elements transformed on several threads; results arrive in order, as early
  /// as possible.
  ///
  ///     let pages = urls.parallelMap(maximumInFlight: 16) { try render($0) }
  ///     for try await page in pages { show(page) }
  ///
  /// The closure is synchronous. It runs on several workers of `pool` at a time, on those that wait for nothing. So it
  /// may block a worker, as any work of the pool may, but it never blocks a thread of Swift's tasks. It sees the
  /// task-local values of the task that requests the first result, and when the stream has ended,
  /// ``ThreadPool/isCancelled`` is true in it.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is passed to
  /// the consumer. At most `maximumInFlight` elements are in flight; at that number, nothing is pulled. An element in
  /// flight need not be on a worker yet: if the limit is somewhat larger than the number of the pool's threads, workers
  /// have something to do while a slow element holds up the results after it.
  ///
  /// *The end.* An error of the closure or of this sequence arrives after all earlier results, and ends the stream. The
  /// stream also ends after the last result. If the consuming task is cancelled, the stream ends at once: by throwing
  /// `CancellationError` if it can throw any error, and otherwise by returning nil. It also ends when its iterator and
  /// all copies of it are gone. Elements whose closure has not begun are then destroyed. Closures that are running
  /// continue to their end, and their results are destroyed. The task that pulls is cancelled.
  ///
  /// If closures take microseconds, a waiting consumer is not woken for each result, but for several; no result is kept
  /// from it for longer than about a millisecond, however long the next closure takes, if one of Swift's own threads is
  /// free at that moment.
  ///
  /// If results need not arrive in order (`ordered: false`), each arrives as soon as it exists. In that case an error
  /// of the closure arrives when it has been thrown, after the results that exist already, and an error of this
  /// sequence arrives after all results.
  ///
  /// Nothing happens before the first result is requested. Each iterator traverses the sequence anew.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results arrive in the order of the elements.
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

  /// Like `parallelMap(ordered:maximumInFlight:in:_:)`, with a closure that may throw: its error arrives after all
  /// earlier results.
  @_disfavoredOverload
  public func parallelMap<Transformed, E>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, E> where Failure == Never {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlight: maximumInFlight), pool: pool,
      transform: transform, convert: { (_: Never) -> E in })
  }

  /// Like `parallelMap(ordered:maximumInFlight:in:_:)`, with a closure that may throw: its error, like an error of this
  /// sequence, arrives after all earlier results.
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
  /// The closure is synchronous. It runs on several workers of `pool` at a time, on those that wait for nothing. So it
  /// may block a worker, as any work of the pool may, but it never blocks a thread of Swift's tasks. It sees the
  /// task-local values of the task that requests the first result, and when the stream has ended,
  /// ``ThreadPool/isCancelled`` is true in it.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is passed to
  /// the consumer. Nothing is pulled while those in flight cost `maximumInFlightBytes` or more. An element in flight
  /// need not be on a worker yet: if the limit admits somewhat more elements than the pool has threads, workers have
  /// something to do while a slow element holds up the results after it.
  ///
  /// *The end.* An error of the closure or of this sequence arrives after all earlier results, and ends the stream. The
  /// stream also ends after the last result. If the consuming task is cancelled, the stream ends at once: by throwing
  /// `CancellationError` if it can throw any error, and otherwise by returning nil. It also ends when its iterator and
  /// all copies of it are gone. Elements whose closure has not begun are then destroyed. Closures that are running
  /// continue to their end, and their results are destroyed. The task that pulls is cancelled.
  ///
  /// If closures take microseconds, a waiting consumer is not woken for each result, but for several; no result is kept
  /// from it for longer than about a millisecond, however long the next closure takes, if one of Swift's own threads is
  /// free at that moment.
  ///
  /// If results need not arrive in order (`ordered: false`), each arrives as soon as it exists. In that case an error
  /// of the closure arrives when it has been thrown, after the results that exist already, and an error of this
  /// sequence arrives after all results.
  ///
  /// Nothing happens before the first result is requested. Each iterator traverses the sequence anew.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results arrive in the order of the elements.
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

  /// Like `parallelMap(ordered:maximumInFlightBytes:cost:in:_:)`, with a closure that may throw: its error arrives
  /// after all earlier results.
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

  /// Like `parallelMap(ordered:maximumInFlightBytes:cost:in:_:)`, with a closure that may throw: its error, like an
  /// error of this sequence, arrives after all earlier results.
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
