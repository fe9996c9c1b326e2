extension ParallelSequence where Element: Sendable {
  /// Returns an asynchronous sequence of these elements: each can be used once it has been made, while others are being
  /// made.
  ///
  ///     let thumbnails = photos.parallel.map { shrink($0) }.results(maximumInFlight: 32)
  ///     for await thumbnail in thumbnails { await show(thumbnail) }
  ///
  /// The chain's closures run on workers of the sequence's pool that wait for nothing, in batches as small as they have
  /// to be. A thread of its own holds the source while the stream is open, and sleeps when there is no room. So neither
  /// a worker nor a thread of Swift's tasks waits for a slow consumer. The closures see the task-local values of the
  /// task that requests the first element, and ``ThreadPool/isCancelled`` when the stream has ended.
  ///
  /// *What is bounded.* A position of this sequence is in flight from when its element is begun until that is passed to
  /// the consumer, or until it has turned out to yield no element. At most `maximumInFlight` positions are in flight.
  /// One position yields one element; after `filter`, at most one; after `flatMap`, any number. A sequence without a
  /// known length (`sequence.parallel`) is pulled in blocks of at most that many elements, each when the previous block
  /// has been processed; see `parallelStream` for one that is pulled element by element.
  ///
  /// *The end.* An error comes after all earlier elements, and ends the stream. So do the last element, the
  /// cancellation of the consuming task (by `CancellationError` if the stream can throw any error, otherwise by nil),
  /// and the end of the iterator and all its copies. Elements that have not been begun are then left alone; closures
  /// that are running continue to their end.
  ///
  /// Nothing happens before the first element is requested. Each iterator runs the sequence anew. Blocks of the plan
  /// (`inBlocks`) and `reporting` are disregarded. What the sequence reads from, such as an unsafe buffer, must remain
  /// valid until the iterators are gone.
  ///
  /// - Parameters:
  ///   - isOrdered: Whether elements arrive in the order of the sequence. Otherwise they arrive as soon as they exist,
  ///     and an error of a closure after those that exist already.
  ///   - maximumInFlight: The maximum number of positions in flight.
  /// - Precondition: `maximumInFlight` is at least 1. The system provides a thread.
  /// - Complexity: The work of the loop, and some microseconds for each batch; a thread for each iterator.
  @inlinable
  public func results(ordered isOrdered: Bool = true, maximumInFlight: Int) -> ParallelStream<Element, Failure> {
    require(maximumInFlight >= 1, "maximumInFlight is at least 1, not \(maximumInFlight)")
    return ParallelStream(isOrdered: isOrdered, limit: maximumInFlight, plan: plan) { pump in feed(pump) }
  }

  /// Puts in the elements, batch by batch, until they end or no more are wanted.
  @inlinable
  func feed(_ pump: StreamPump<Element, Failure>) {
    withLeaf { (element, elements: inout [Element]) throws(Failure) in
      elements.append(element)
      return true
    } run: { leaf in
      if Self.isSupplied { feedSupplied(pump, leaf) } else { _ = feed(pump, 0..<positionCount, leaf) }
      // The leaf is valid until this returns.
      pump.waitForRest()
    }
  }

  /// - Returns: Whether more is wanted.
  @inlinable
  func feed(
    _ pump: StreamPump<Element, Failure>, _ positions: Range<Int>, _ leaf: BoundLeaf<[Element], Failure>
  ) -> Bool {
    // SAFETY: `waitForRest` is called before the leaf ends, and its source does not change meanwhile.
    nonisolated(unsafe) let leaf = leaf
    var start = positions.lowerBound
    while start < positions.upperBound {
      guard let room = pump.waitForRoom() else { return false }
      let end = start + Swift.min(pump.batchSize, room, positions.upperBound - start)
      let batch = start..<end
      pump.put(batch.count, weight: batch.count) { unsafe leaf.collect(batch) }
      start = end
    }
    return true
  }

  /// Supplies a block of positions, and the next one when all of it has been processed: until then the supplied block
  /// is held.
  @inlinable
  func feedSupplied(_ pump: StreamPump<Element, Failure>, _ leaf: BoundLeaf<[Element], Failure>) {
    var start = 0
    while let room = pump.waitForRoom() {
      let size = Swift.min(
        room, Swift.max(1, SupplySize.mostBytes / Swift.max(1, MemoryLayout<Element>.stride)), SupplySize.most)
      let end = unsafe Self.supply(from: leaf.source, upTo: start + size)
      unsafe Self.turn(leaf.source)
      guard feed(pump, start..<end, leaf) else { return }
      pump.waitForRest()
      // Releases them.
      unsafe Self.turn(leaf.source)
      if end < start + size { return }
      start = end
    }
  }
}

extension BoundLeaf {
  /// Returns the elements from some positions, up to one for which a closure throws.
  @inlinable
  func collect<Element>(_ positions: Range<Int>) -> (elements: [Element], error: Failure?) where Value == [Element] {
    var state = LeafState<[Element], Failure>([], at: positions)
    unsafe leaf(source, closures, positions, &state, nil)
    return (state.value, state.error)
  }
}
