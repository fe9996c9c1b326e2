extension ParallelSequence where Element: Sendable {
  /// Returns an asynchronous sequence of these elements. Each can be used as soon as it has been made, while others are
  /// being made.
  ///
  ///     let thumbnails = photos.parallel.map { shrink($0) }.results(maximumInFlight: 32)
  ///     for await thumbnail in thumbnails { await show(thumbnail) }
  ///
  /// The chain's closures run on workers of the sequence's pool, on those that wait for nothing, in batches that are no
  /// larger than necessary; the elements of a batch arrive together, when all of them have been made, and reach a
  /// waiting consumer within about a millisecond. A separate thread holds the source while the stream is open, and
  /// sleeps when there is no room. So neither a worker nor a thread of Swift's tasks waits for a slow consumer. The
  /// closures see the task-local values of the task that requests the first element, and when the stream has ended,
  /// ``ThreadPool/isCancelled`` is true in them.
  ///
  /// *What is bounded.* A position of this sequence is in flight from when its element is begun until the element is
  /// passed to the consumer, or until it turns out that there is none. At most `maximumInFlight` positions are in
  /// flight. One position yields one element; after `filter`, at most one; after `flatMap`, any number. A sequence
  /// without a known length (`sequence.parallel`) is pulled in blocks of at most that many elements, each when the
  /// previous block has been processed; `parallelStream` pulls its sequence element by element.
  ///
  /// *The end.* An error arrives after all earlier elements, and ends the stream. The stream also ends after the last
  /// element. If the consuming task is cancelled, the stream ends at once, even if further elements exist: by throwing
  /// `CancellationError` if it can throw any error, and otherwise by returning nil. It also ends when its iterator and
  /// all copies of it are gone. Elements that have not been begun are then not made; closures that are running continue
  /// to their end.
  ///
  /// Nothing happens before the first element is requested. Each iterator traverses the sequence anew. `inBlocks` has no
  /// effect. `reporting` counts the positions that have been made, which the consumer need not have received yet.
  ///
  /// *Unsafe buffers.* If the stream is consumed to its end, the memory of a buffer must remain valid until then. But if
  /// it ends early, by an error, by cancellation, or because the iterators are gone, closures that are running continue
  /// to read, and there is no way to learn when they are done. So a stream that may end early should read from
  /// something that owns its memory, such as an array.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether elements arrive in the order of the sequence. Otherwise they arrive as soon as they exist,
  ///     and an error of a closure arrives after the elements that exist already.
  ///   - maximumInFlight: The maximum number of positions in flight.
  /// - Precondition: `maximumInFlight` is at least 1. The system provides a thread.
  /// - Complexity: The work of the loop, and some microseconds for each batch; a thread for each iterator.
  @inlinable
  public func results(ordered isOrdered: Bool = true, maximumInFlight: Int) -> ParallelStream<Element, Failure> {
    stream(isOrdered, StreamLimit(maximumInFlight: maximumInFlight))
  }

  /// Returns an asynchronous sequence of these elements, like `results(ordered:maximumInFlight:)`, with a limit to what the
  /// elements take instead of to their number.
  ///
  ///     let images = scans.parallel.map { decode($0) }.results(maximumInFlightBytes: 1 << 30) { $0.byteCount }
  ///     for await image in images { await show(image) }
  ///
  /// *What is bounded.* No position is submitted while those in flight cost `maximumInFlightBytes` or more. An element's cost
  /// is known only once it has been made. Until then, a position counts as much as the dearest of late, at the start as much
  /// as a quarter of a thread's share of the limit, and never so little that more than 64 for each thread could wait to be
  /// made. So the total exceeds the limit by at most one position; or, where elements turn out to cost more than those
  /// before them, in that proportion, by up to 64 of them for each thread.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether elements arrive in the order of the sequence.
  ///   - maximumInFlightBytes: The limit to the total cost of the elements in flight.
  ///   - cost: The number of bytes that an element takes; called once, on the thread that has made it. Zero counts as one
  ///     byte, so that there is always a limit to the number of elements.
  /// - Precondition: `maximumInFlightBytes` is at least 1, and no cost is negative. The system provides a thread.
  /// - Complexity: The work of the loop, and some microseconds for each batch; a thread for each iterator.
  @inlinable
  public func results(
    ordered isOrdered: Bool = true, maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int
  ) -> ParallelStream<Element, Failure> {
    stream(isOrdered, StreamLimit(maximumInFlightBytes: maximumInFlightBytes, cost: cost))
  }

  @inlinable
  func stream(_ isOrdered: Bool, _ limit: StreamLimit<Element>) -> ParallelStream<Element, Failure> {
    ParallelStream(isOrdered: isOrdered, limit: limit.total, plan: plan) { pump in feed(pump, limit) }
  }

  /// Puts the elements into the stream, batch by batch, until they end or no more are wanted.
  @inlinable
  func feed(_ pump: StreamPump<Element, Failure>, _ limit: StreamLimit<Element>) {
    let reporter = plan.makeReporter(unitSize: 1)
    let weights = PositionWeights(limit, share: pump.share)
    withLeaf { (element, elements: inout [Element]) throws(Failure) in
      elements.append(element)
      return true
    } run: { leaf in
      if Self.isSupplied {
        feedSupplied(pump, weights, leaf, reporter)
      } else {
        reporter?.expect(positionCount)
        _ = feed(pump, weights, 0..<positionCount, leaf, reporter)
      }
      // The leaf is valid until this returns.
      pump.waitForRest()
      reporter?.finish()
    }
  }

  /// Puts the elements at some positions into the stream, batch by batch.
  /// - Returns: Whether more elements are wanted.
  @inlinable
  func feed(
    _ pump: StreamPump<Element, Failure>, _ weights: PositionWeights<Element>, _ positions: Range<Int>,
    _ leaf: BoundLeaf<[Element], Failure>, _ reporter: LoopReporter?
  ) -> Bool {
    // SAFETY: `waitForRest` is called before the leaf ends, and its source does not change meanwhile.
    nonisolated(unsafe) let leaf = leaf
    var start = positions.lowerBound
    while start < positions.upperBound {
      guard let room = pump.waitForRoom(), unsafe !Self.isExhausted(leaf.source) else { return false }
      let end = start + Swift.min(pump.batchSize, weights.countOfBatch(in: room), positions.upperBound - start)
      let batch = start..<end
      pump.put(batch.count, weight: weights.expected(of: batch.count)) {
        let made = unsafe leaf.collect(batch)
        if made.error == nil { reporter?.advance(batch) }
        return (made.elements, made.error, weights.measured(made.elements, from: batch.count))
      }
      start = end
    }
    return true
  }

  /// Supplies one block of positions after another, each when all of the previous one has been processed: the source
  /// holds a supplied block until then.
  @inlinable
  func feedSupplied(
    _ pump: StreamPump<Element, Failure>, _ weights: PositionWeights<Element>, _ leaf: BoundLeaf<[Element], Failure>,
    _ reporter: LoopReporter?
  ) {
    var start = 0
    while let room = pump.waitForRoom(), unsafe !Self.isExhausted(leaf.source) {
      let size = Swift.min(
        weights.count(in: room), Swift.max(1, SupplySize.mostBytes / Swift.max(1, MemoryLayout<Element>.stride)),
        SupplySize.most)
      let end = unsafe Self.supply(from: leaf.source, upTo: start + size)
      reporter?.noteSupply(end, isAll: end < start + size)
      unsafe Self.turn(leaf.source)
      guard feed(pump, weights, start..<end, leaf, reporter) else { return }
      pump.waitForRest()
      // Releases the block's elements.
      unsafe Self.turn(leaf.source)
      if end < start + size { return }
      start = end
    }
  }
}

extension BoundLeaf {
  /// Returns the elements at some positions, up to the first for which a closure throws, and its error.
  @inlinable
  func collect<Element>(_ positions: Range<Int>) -> (elements: [Element], error: Failure?) where Value == [Element] {
    var state = LeafState<[Element], Failure>([], at: positions)
    unsafe leaf.pointee.run(source, closures, positions, &state, nil)
    return (state.value, state.error)
  }
}
