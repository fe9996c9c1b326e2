extension Sequence where Self: Sendable, Element: Sendable {
  /// The elements of this sequence, transformed on several threads: an asynchronous sequence of the results, which come in order as soon as they can.
  ///
  ///     let pages = names.parallelStream(maximumInFlight: 16) { try render($0) }
  ///     for try await page in pages { await show(page) }
  ///
  /// The closure runs on the workers of `pool`, on those that wait for nothing, several at a time. The sequence is run through on a thread of its
  /// own, which sleeps when there is no room; so it may block, to read a file, say. No thread of Swift's tasks is blocked, and no worker waits for
  /// a slow source or a slow consumer. The closure sees the task-local values of the task that asks for the first result, and ``ThreadPool/isCancelled``
  /// when the stream has ended.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is handed to the consumer.
  /// At most `maximumInFlight` are.
  ///
  /// *The end* is that of ``ParallelSequence/results(ordered:maximumInFlight:)``: errors in order, cancellation, a dropped iterator.
  ///
  /// For a sequence that is not `Sendable`, there is ``ParallelConsumed`` and its `results`.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results come in the order of the elements.
  ///   - maximumInFlight: How many elements are in flight at most.
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - transform: What makes a result of an element.
  /// - Precondition: `maximumInFlight` is at least 1. The system does not refuse a thread.
  /// - Complexity: Work O(*n*) calls, and a fraction of a microsecond for each element; a thread for each iterator.
  @inlinable
  public func parallelStream<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> ParallelStream<Transformed, Never> {
    let limit = StreamLimit<Element>(maximumInFlight: maximumInFlight)
    return parallelStream(isOrdered, limit, pool, transform)
  }

  /// As `parallelStream(ordered:maximumInFlight:in:_:)` whose closure does not throw, with a closure that may: its error comes after all earlier results.
  @_disfavoredOverload
  @inlinable
  public func parallelStream<Transformed, E>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> ParallelStream<Transformed, E> {
    let limit = StreamLimit<Element>(maximumInFlight: maximumInFlight)
    return parallelStream(isOrdered, limit, pool, transform)
  }

  /// The elements of this sequence, transformed on several threads: an asynchronous sequence of the results, which come in order as soon as they can.
  ///
  ///     let pages = names.parallelStream(maximumInFlight: 16) { try render($0) }
  ///     for try await page in pages { await show(page) }
  ///
  /// The closure runs on the workers of `pool`, on those that wait for nothing, several at a time. The sequence is run through on a thread of its
  /// own, which sleeps when there is no room; so it may block, to read a file, say. No thread of Swift's tasks is blocked, and no worker waits for
  /// a slow source or a slow consumer. The closure sees the task-local values of the task that asks for the first result, and ``ThreadPool/isCancelled``
  /// when the stream has ended.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is handed to the consumer.
  /// Nothing is pulled while those in flight cost `maximumInFlightBytes` or more.
  ///
  /// *The end* is that of ``ParallelSequence/results(ordered:maximumInFlight:)``: errors in order, cancellation, a dropped iterator.
  ///
  /// For a sequence that is not `Sendable`, there is ``ParallelConsumed`` and its `results`.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results come in the order of the elements.
  ///   - maximumInFlightBytes: An element is pulled only while those in flight cost less than this. What it costs is known only then, so
  ///     all of them cost less than this and one element more.
  ///   - cost: How many bytes an element and its result take. One that takes none counts as one byte, so that there is always a limit to their number.
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - transform: What makes a result of an element.
  /// - Precondition: `maximumInFlightBytes` is at least 1, and no cost is negative. The system does not refuse a thread.
  /// - Complexity: Work O(*n*) calls, and a fraction of a microsecond for each element; a thread for each iterator.
  @inlinable
  public func parallelStream<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int,
    in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> ParallelStream<Transformed, Never> {
    let limit = StreamLimit<Element>(maximumInFlightBytes: maximumInFlightBytes, cost: cost)
    return parallelStream(isOrdered, limit, pool, transform)
  }

  /// As `parallelStream(ordered:maximumInFlightBytes:cost:in:_:)` whose closure does not throw, with a closure that may: its error comes after all earlier results.
  @_disfavoredOverload
  @inlinable
  public func parallelStream<Transformed, E>(
    ordered isOrdered: Bool = true, maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int,
    in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> ParallelStream<Transformed, E> {
    let limit = StreamLimit<Element>(maximumInFlightBytes: maximumInFlightBytes, cost: cost)
    return parallelStream(isOrdered, limit, pool, transform)
  }

  @inlinable
  func parallelStream<Transformed, E>(
    _ isOrdered: Bool, _ limit: StreamLimit<Element>, _ pool: ThreadPool?,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> ParallelStream<Transformed, E> {
    typealias Elements = StreamElements<Element, Result<Transformed, E>>
    let feed = ParallelStream<Transformed, E>.Feed.elements { window in
      putAll(in: StreamFeed<Element, Result<Transformed, E>>(window, weighs: limit.cost != nil), limit)
    } work: { claim, watch in
      // SAFETY: the feeder puts in nothing else.
      unsafe unsafeDowncast(claim.chunk, to: Elements.self).map(claim, &watch, transform)
    }
    return ParallelStream(isOrdered: isOrdered, limit: limit.total, plan: LoopPlan(pool: pool), feed)
  }

  /// Pulls elements, and puts them in, until they end or no more are wanted.
  @inlinable
  func putAll<Outcome>(in feed: consuming StreamFeed<Element, Outcome>, _ limit: StreamLimit<Element>) {
    let sleeper = StreamSleeper()
    var iterator = makeIterator()
    while feed.waitForRoom(sleeper), let element = iterator.next() {
      let weight = limit.weight(of: element)
      feed.put(element, weight: weight)
    }
  }
}
