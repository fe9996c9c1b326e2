public import Synchronization

/// What the copies of a stream's iterator share: how far they have come, and what ends the stream when the last of them is gone.
@usableFromInline
final class StreamConsumer<Outcome: Sendable> {
  @usableFromInline let session: StreamSession
  @usableFromInline let signals: StreamSignals
  @usableFromInline let isOrdered: Bool
  @usableFromInline var chunk: StreamOutcomes<Outcome>?
  /// The next place of the chunk.
  @usableFromInline var place = 0

  @usableFromInline
  init(_ session: StreamSession) {
    self.session = session
    signals = session.window.signals
    isOrdered = session.window.isOrdered
  }

  /// The next outcome, and what it counts for until `release`; nil at the end, and if the task has been cancelled, which ends the stream.
  @inlinable
  func next(isolation actor: isolated (any Actor)?) async -> (outcome: Outcome, weight: Int)? {
    if isOrdered, let chunk, place < chunk.capacity, chunk.isDone(place), !Task.isCancelled {
      return take(from: chunk)
    }
    guard await goToNext(isolation: actor), let chunk else { return nil }
    return take(from: chunk)
  }

  @inlinable
  func take(from chunk: StreamOutcomes<Outcome>) -> (outcome: Outcome, weight: Int) {
    let taken = chunk.take(place)
    place += 1
    return taken
  }

  /// Goes to where the next outcome is, which may have to be waited for.
  /// - Returns: Whether there is one.
  @usableFromInline
  func goToNext(isolation actor: isolated (any Actor)?) async -> Bool {
    let next = await session.next(from: StreamPosition(chunk: chunk, place: place), isolation: actor)
    guard let next, let found = next.chunk else {
      chunk = nil
      place = 0
      return false
    }
    // SAFETY: the feeder puts in nothing else.
    chunk = unsafe unsafeDowncast(found, to: StreamOutcomes<Outcome>.self)
    // If outcomes are not in order, the next one is somewhere else.
    place = next.place
    return true
  }

  /// Says that an outcome has been handed on, and counts no more.
  @inlinable
  func release(_ weight: Int) {
    // Both in one order with what a feeder does that is about to wait: `StreamState.askForRoom`.
    let freed = signals.freed.wrappingAdd(weight, ordering: .sequentiallyConsistent).newValue
    if freed >= signals.wanted.load(ordering: .sequentiallyConsistent) { session.window.tellFeeder() }
  }

  /// Ends the stream after an error.
  @usableFromInline
  func end() {
    session.end()
    chunk = nil
    place = 0
  }
}

extension StreamConsumer {
  /// The next result, which counts no more; nil at the end.
  @inlinable
  func nextResult<Value, Failure>(
    isolation actor: isolated (any Actor)?
  ) async throws(Failure) -> Value? where Outcome == Result<Value, Failure> {
    guard let (outcome, weight) = await next(isolation: actor) else {
      try checkStreamCancellation(Failure.self)
      return nil
    }
    release(weight)
    switch outcome {
    case .success(let value): return value
    case .failure(let error):
      end()
      throw error
    }
  }
}
