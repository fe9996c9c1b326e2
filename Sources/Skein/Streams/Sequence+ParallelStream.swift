extension Sequence where Self: Sendable, Element: Sendable {
  /// Returns an asynchronous sequence of the elements transformed on several threads; results arrive in order, as early
  /// as possible.
  ///
  ///     let pages = names.parallelStream(maximumInFlight: 16) { try render($0) }
  ///     for try await page in pages { await show(page) }
  ///
  /// The closure runs on several workers of `pool` at a time, on those that wait for nothing. The sequence is traversed
  /// on a separate thread, which sleeps when there is no room. So the sequence may block, for example to read a file:
  /// no thread of Swift's tasks is blocked, and no worker waits for a slow source or a slow consumer. The closure sees
  /// the task-local values of the task that requests the first result, and when the stream has ended,
  /// ``ThreadPool/isCancelled`` is true in it.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is passed to
  /// the consumer. At most `maximumInFlight` elements are in flight. Cheap elements are submitted to workers several at
  /// a time, if the limit leaves each worker several such batches; the results of a batch arrive together.
  ///
  /// *The end* is that of ``ParallelSequence/results(ordered:maximumInFlight:)``: as there, errors arrive in order, and
  /// the stream ends when the consuming task is cancelled and when the iterator is gone.
  ///
  /// For a sequence that is not `Sendable`, use ``ParallelConsumed`` and its `results`.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results arrive in the order of the elements.
  ///   - maximumInFlight: The maximum number of elements in flight.
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any pool.
  ///   - transform: Makes the result of an element.
  /// - Precondition: `maximumInFlight` is at least 1. The system provides a thread.
  /// - Complexity: Work O(*n*) calls, and some microseconds for each batch; a thread for each iterator.
  @inlinable
  public func parallelStream<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> ParallelStream<Transformed, Never> {
    let limit = StreamLimit<Element>(maximumInFlight: maximumInFlight)
    return ParallelStream(isOrdered: isOrdered, limit: limit.total, plan: LoopPlan(pool: pool)) { pump in
      feed(pump, limit, transform)
    }
  }

  /// Like `parallelStream(ordered:maximumInFlight:in:_:)`, with a closure that may throw: its error arrives after all
  /// earlier results.
  @_disfavoredOverload
  @inlinable
  public func parallelStream<Transformed, E>(
    ordered isOrdered: Bool = true, maximumInFlight: Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> ParallelStream<Transformed, E> {
    let limit = StreamLimit<Element>(maximumInFlight: maximumInFlight)
    return ParallelStream(isOrdered: isOrdered, limit: limit.total, plan: LoopPlan(pool: pool)) { pump in
      feed(pump, limit, transform)
    }
  }

  /// Returns an asynchronous sequence of the elements transformed on several threads; results arrive in order, as early
  /// as possible.
  ///
  ///     let pages = names.parallelStream(maximumInFlight: 16) { try render($0) }
  ///     for try await page in pages { await show(page) }
  ///
  /// The closure runs on several workers of `pool` at a time, on those that wait for nothing. The sequence is traversed
  /// on a separate thread, which sleeps when there is no room. So the sequence may block, for example to read a file:
  /// no thread of Swift's tasks is blocked, and no worker waits for a slow source or a slow consumer. The closure sees
  /// the task-local values of the task that requests the first result, and when the stream has ended,
  /// ``ThreadPool/isCancelled`` is true in it.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is passed to
  /// the consumer. Nothing is pulled while those in flight cost `maximumInFlightBytes` or more. Cheap elements are
  /// submitted to workers several at a time, if the limit leaves each worker several such batches; the results of a
  /// batch arrive together.
  ///
  /// *The end* is that of ``ParallelSequence/results(ordered:maximumInFlight:)``: as there, errors arrive in order, and
  /// the stream ends when the consuming task is cancelled and when the iterator is gone.
  ///
  /// For a sequence that is not `Sendable`, use ``ParallelConsumed`` and its `results`.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether results arrive in the order of the elements.
  ///   - maximumInFlightBytes: An element is pulled only while those in flight cost less than this. Its own cost is
  ///     known only then, so the total may exceed this by the cost of one element.
  ///   - cost: The number of bytes that an element and its result take. Zero counts as one byte, so that there is
  ///     always a limit to the number of elements.
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any pool.
  ///   - transform: Makes the result of an element.
  /// - Precondition: `maximumInFlightBytes` is at least 1, and no cost is negative. The system provides a thread.
  /// - Complexity: Work O(*n*) calls, and some microseconds for each batch; a thread for each iterator.
  @inlinable
  public func parallelStream<Transformed>(
    ordered isOrdered: Bool = true, maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int,
    in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> ParallelStream<Transformed, Never> {
    let limit = StreamLimit<Element>(maximumInFlightBytes: maximumInFlightBytes, cost: cost)
    return ParallelStream(isOrdered: isOrdered, limit: limit.total, plan: LoopPlan(pool: pool)) { pump in
      feed(pump, limit, transform)
    }
  }

  /// Like `parallelStream(ordered:maximumInFlightBytes:cost:in:_:)`, with a closure that may throw: its error arrives
  /// after all earlier results.
  @_disfavoredOverload
  @inlinable
  public func parallelStream<Transformed, E>(
    ordered isOrdered: Bool = true, maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int,
    in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> ParallelStream<Transformed, E> {
    let limit = StreamLimit<Element>(maximumInFlightBytes: maximumInFlightBytes, cost: cost)
    return ParallelStream(isOrdered: isOrdered, limit: limit.total, plan: LoopPlan(pool: pool)) { pump in
      feed(pump, limit, transform)
    }
  }

  /// Pulls elements and puts them into the stream, batch by batch, until they end or no more are wanted.
  @inlinable
  func feed<Transformed, E>(
    _ pump: StreamPump<Transformed, E>, _ limit: StreamLimit<Element>,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) {
    var iterator = makeIterator()
    let batch = OpenBatch<Element> { elements, weight in
      pump.put(elements.count, weight: weight) {
        let made = elements.transformed(by: transform)
        return (made.elements, made.error, nil)
      }
    }
    while let room = pump.waitForRoom() {
      if !batch.fill(from: &iterator, limit, size: Swift.min(pump.batchSize, room), room: room) { return }
    }
  }
}

extension Array {
  /// Returns the results of a closure for the elements, up to the first for which it throws, and its error.
  @inlinable
  func transformed<Transformed, E>(
    by transform: (Element) throws(E) -> Transformed
  ) -> (elements: [Transformed], error: E?) {
    var results: [Transformed] = []
    results.reserveCapacity(count)
    for element in self {
      do throws(E) { results.append(try transform(element)) } catch { return (results, error) }
    }
    return (results, nil)
  }
}
