extension AsyncSequence where Self: Sendable, Element: Sendable {
  /// The elements, transformed on several threads: an asynchronous sequence of the results, which come in order as soon as they can.
  ///
  ///     let pages = urls.parallelMap(maximumInFlight: 16) { try render($0) }
  ///     for try await page in pages { show(page) }
  ///
  /// The closure is synchronous. It runs on the workers of `pool`, on those that wait for nothing, several at a time; so it may block a worker, as any
  /// work of the pool may, but never a thread of Swift's tasks. It sees the task-local values of the task that asks for the first result, and
  /// ``ThreadPool/isCancelled`` when the stream has ended.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is handed to the consumer.
  /// At most `maximumInFlight` are, and nothing is pulled if that many are. What is pulled need not be on a worker at once: with a few more than
  /// the pool has threads, a worker has something to do while a slow element keeps the results after it from being handed on.
  ///
  /// *What is done at once.* Short elements that have accumulated while the workers were busy are taken, and handed on, several at a time; nobody waits for
  /// more. A result may come, a free worker begin, or the source be pulled, some milliseconds later than it could if an element suddenly takes
  /// much longer than those before it.
  ///
  /// *The end.* An error of the closure or of this sequence comes after all earlier results, and ends the stream. So does the last result. If the
  /// consuming task is cancelled, the stream ends at once: by throwing `CancellationError` if it can throw any error, and otherwise by giving nil. If
  /// its iterator and all copies of it are gone, it ends, too. What has not been begun is then destroyed; closures that run
  /// go to their end, and what they make is destroyed. The task that pulls is cancelled.
  ///
  /// If results need not come in order (`ordered: false`), each comes as soon as it is there. An error of the closure then comes when it
  /// is thrown, after the results that are there; one of this sequence after all results.
  ///
  /// Nothing happens before the first result is asked for. Each iterator runs the sequence anew.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results come in the order of the elements.
  ///   - maximumInFlight: How many elements are in flight at most.
  ///   - pool: The pool to run in. It must not be shut down before the stream has ended.
  ///   - transform: What makes a result of an element.
  /// - Precondition: `maximumInFlight` is at least 1.
  /// - Complexity: Work O(*n*) calls, and for each element about a tenth of a microsecond if a thousand may be in flight; the fewer may be, the more
  ///   often somebody has to be woken, which with four comes to some microseconds for each.
  public func parallelMap<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, Failure> {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlight: maximumInFlight), pool: pool,
      transform: { (element) throws(Failure) in transform(element) }, convert: { $0 })
  }

  /// As `parallelMap(ordered:maximumInFlight:in:_:)` whose closure does not throw, with a closure that may: its error comes after all earlier results.
  @_disfavoredOverload
  public func parallelMap<Transformed, E>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, E> where Failure == Never {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlight: maximumInFlight), pool: pool,
      transform: transform, convert: { (_: Never) -> E in })
  }

  /// As `parallelMap(ordered:maximumInFlight:in:_:)` whose closure does not throw, with a closure that may: its error comes after all earlier results.
  /// So does that of this sequence.
  @_disfavoredOverload
  public func parallelMap<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool = .shared,
    _ transform: @escaping @Sendable (Element) throws -> Transformed
  ) -> AsyncParallelMapSequence<Self, Transformed, any Error> {
    AsyncParallelMapSequence(
      base: self, isOrdered: isOrdered, limit: StreamLimit(maximumInFlight: maximumInFlight), pool: pool,
      transform: transform, convert: { $0 })
  }

  /// The elements, transformed on several threads: an asynchronous sequence of the results, which come in order as soon as they can.
  ///
  ///     let pages = urls.parallelMap(maximumInFlight: 16) { try render($0) }
  ///     for try await page in pages { show(page) }
  ///
  /// The closure is synchronous. It runs on the workers of `pool`, on those that wait for nothing, several at a time; so it may block a worker, as any
  /// work of the pool may, but never a thread of Swift's tasks. It sees the task-local values of the task that asks for the first result, and
  /// ``ThreadPool/isCancelled`` when the stream has ended.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is handed to the consumer.
  /// Nothing is pulled while those in flight cost `maximumInFlightBytes` or more. What is pulled need not be on a worker at once: with a few more than
  /// the pool has threads, a worker has something to do while a slow element keeps the results after it from being handed on.
  ///
  /// *What is done at once.* Short elements that have accumulated while the workers were busy are taken, and handed on, several at a time; nobody waits for
  /// more. A result may come, a free worker begin, or the source be pulled, some milliseconds later than it could if an element suddenly takes
  /// much longer than those before it.
  ///
  /// *The end.* An error of the closure or of this sequence comes after all earlier results, and ends the stream. So does the last result. If the
  /// consuming task is cancelled, the stream ends at once: by throwing `CancellationError` if it can throw any error, and otherwise by giving nil. If
  /// its iterator and all copies of it are gone, it ends, too. What has not been begun is then destroyed; closures that run
  /// go to their end, and what they make is destroyed. The task that pulls is cancelled.
  ///
  /// If results need not come in order (`ordered: false`), each comes as soon as it is there. An error of the closure then comes when it
  /// is thrown, after the results that are there; one of this sequence after all results.
  ///
  /// Nothing happens before the first result is asked for. Each iterator runs the sequence anew.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results come in the order of the elements.
  ///   - maximumInFlightBytes: An element is pulled only while those in flight cost less than this. What it costs is known only then, so
  ///     all of them cost less than this and one element more.
  ///   - cost: How many bytes an element and its result take. One that takes none counts as one byte, so that there is always a limit to their number.
  ///   - pool: The pool to run in. It must not be shut down before the stream has ended.
  ///   - transform: What makes a result of an element.
  /// - Precondition: `maximumInFlightBytes` is at least 1, and no cost is negative.
  /// - Complexity: Work O(*n*) calls, and for each element about a tenth of a microsecond if a thousand may be in flight; the fewer may be, the more
  ///   often somebody has to be woken, which with four comes to some microseconds for each.
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

  /// As `parallelMap(ordered:maximumInFlightBytes:cost:in:_:)` whose closure does not throw, with a closure that may: its error comes after all earlier results.
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

  /// As `parallelMap(ordered:maximumInFlightBytes:cost:in:_:)` whose closure does not throw, with a closure that may: its error comes after all earlier results.
  /// So does that of this sequence.
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
