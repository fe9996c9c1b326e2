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
  /// Cheap elements are handed to workers several at a time, if the limit leaves each worker several times as many.
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

  /// As `parallelStream(ordered:maximumInFlight:in:_:)` whose closure does not throw, with a closure that may: its error comes after all earlier results.
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
  /// Cheap elements are handed to workers several at a time, if the limit leaves each worker several times as many.
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

  /// As `parallelStream(ordered:maximumInFlightBytes:cost:in:_:)` whose closure does not throw, with a closure that may: its error comes after all earlier results.
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

  /// Pulls elements, and puts them in batch by batch, until they end or no more are wanted.
  @inlinable
  func feed<Transformed, E>(
    _ pump: StreamPump<Transformed, E>, _ limit: StreamLimit<Element>,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) {
    var iterator = makeIterator()
    while let room = pump.waitForRoom() {
      var batch = PulledBatch<Element>(Swift.min(pump.batchSize, room))
      let isWhole = batch.fill(from: &iterator, limit, room: room)
      if !batch.elements.isEmpty {
        pump.put(batch.elements.count, weight: batch.weight) { [elements = batch.elements] in
          elements.transformed(by: transform)
        }
      }
      if !isWhole { return }
    }
  }
}

/// Elements that have been pulled for a batch.
@usableFromInline
struct PulledBatch<Element> {
  @usableFromInline var elements: [Element] = []
  @usableFromInline var weight = 0
  /// How many elements it should have.
  @usableFromInline let size: Int

  @inlinable
  init(_ size: Int) { self.size = size }

  /// Pulls elements, but no more than there is room for, nor so many that those that are there wait for a slow source.
  /// - Returns: Whether the iterator may have more.
  @inlinable
  mutating func fill<Iterator: IteratorProtocol<Element>>(
    from iterator: inout Iterator, _ limit: StreamLimit<Element>, room: Int
  ) -> Bool {
    elements.reserveCapacity(size)
    let began = size > 1 ? streamTicks() : 0
    repeat {
      guard let element = iterator.next() else { return false }
      weight += limit.weight(of: element)
      elements.append(element)
    } while elements.count < size && weight < room && !isStreamBatchLate(began)
    return true
  }
}

/// What the clock says when a batch is begun.
@usableFromInline
func streamTicks() -> UInt64 { ticks() }

/// Whether a batch has been under way for so long that it is to be handed on as it is.
@usableFromInline
func isStreamBatchLate(_ began: UInt64) -> Bool { ticks() &- began > LoopPace.aim }

extension Array {
  /// What a closure makes of the elements, up to one for which it throws.
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
