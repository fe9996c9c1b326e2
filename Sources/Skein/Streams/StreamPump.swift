/// What the thread works with that feeds a stream of batches: it waits for room, then puts batches in.
///
/// A source that is not asynchronous may block whoever asks it, and has to be kept open between two questions. So it gets a thread of its own, which sleeps
/// while there is no room. No worker of the pool and no thread of Swift's tasks waits for it.
@usableFromInline
final class StreamPump<Element: Sendable, Failure: Error> {
  private var feed: StreamFeed<StreamBatch<Element, Failure>.Make, StreamBatch<Element, Failure>>
  private let pace: StreamPace
  private let sleeper = StreamSleeper()

  @usableFromInline
  init(_ window: StreamWindow, _ pace: StreamPace) {
    feed = StreamFeed(window, weighs: true)
    self.pace = pace
  }

  /// How many positions a batch should have now.
  @usableFromInline var batchSize: Int { pace.size }

  /// Blocks the thread until there is room.
  /// - Returns: How much the limit leaves; nil if no more is wanted.
  @usableFromInline
  func waitForRoom() -> Int? { feed.waitForRoom(sleeper) ? feed.credit : nil }

  /// Blocks the thread until all batches are done that have been put in.
  @usableFromInline
  func waitForRest() { feed.window.waitForRest(sleeper) }

  /// Puts a batch in.
  /// - Parameters:
  ///   - count: How many positions it has.
  ///   - make: Makes its elements, on some worker, until `waitForRest` returns at the latest.
  @usableFromInline
  func put(_ count: Int, _ make: @escaping @Sendable () -> (elements: [Element], error: Failure?)) {
    let pace = pace
    feed.put(
      {
        let began = ticks()
        let made = make()
        pace.note(count, took: ticks() &- began)
        return StreamBatch(elements: made.elements, error: made.error)
      }, weight: count)
  }
}

/// What some neighbouring positions have come to: elements, and an error after them.
@usableFromInline
struct StreamBatch<Element: Sendable, Failure: Error>: Sendable {
  /// Makes the elements, up to one for which a closure throws.
  @usableFromInline typealias Make = @Sendable () -> StreamBatch

  @usableFromInline var elements: [Element]
  @usableFromInline var error: Failure?

  /// Makes outcomes of the batches that a runner has claimed.
  static func run(_ claim: StreamClaim, _ watch: inout StreamWatch) -> StreamClaim.End {
    // SAFETY: a pump puts in nothing else.
    unsafe unsafeDowncast(claim.chunk, to: StreamElements<Make, StreamBatch>.self).run(claim, &watch) { make in
      let batch = make()
      return (batch, batch.error != nil)
    }
  }
}

/// Hands on the elements of batches one after the other. All copies of an iterator share it.
@usableFromInline
final class StreamUnpacker<Element: Sendable, Failure: Error> {
  private let consumer: StreamConsumer<StreamBatch<Element, Failure>>
  /// What is left of the batch that was taken last, the next element at the end.
  @usableFromInline var elements: [Element] = []
  /// What that batch counts for as long as it is not handed on.
  private var weight = 0
  private var error: Failure?

  init(_ session: StreamSession) { consumer = StreamConsumer(session) }

  @inlinable
  func next(isolation actor: isolated (any Actor)?) async throws(Failure) -> Element? {
    if elements.count > 1 { return elements.removeLast() }
    return try await nextOrLast(isolation: actor)
  }

  /// The last element of a batch, or the first of the next one.
  @usableFromInline
  func nextOrLast(isolation actor: isolated (any Actor)?) async throws(Failure) -> Element? {
    while elements.isEmpty {
      if let error {
        self.error = nil
        consumer.end()
        throw error
      }
      guard let (batch, weight) = await consumer.next(isolation: actor) else {
        try checkStreamCancellation(Failure.self)
        return nil
      }
      elements = batch.elements
      // So that they can be handed on, and destroyed, one after the other.
      elements.reverse()
      error = batch.error
      self.weight = weight
      if elements.isEmpty { consumer.release(weight) }
    }
    if Task.isCancelled {
      elements = []
      error = nil
      consumer.end()
      try checkStreamCancellation(Failure.self)
      return nil
    }
    if elements.count == 1 { consumer.release(weight) }
    return elements.removeLast()
  }
}
