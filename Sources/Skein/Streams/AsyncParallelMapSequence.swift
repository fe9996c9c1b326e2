/// The elements of an asynchronous sequence, transformed on several threads of a pool.
///
/// Made by `parallelMap`; see there.
public struct AsyncParallelMapSequence<Base: AsyncSequence & Sendable, Transformed: Sendable, Failure: Error>:
  AsyncSequence, Sendable
where Base.Element: Sendable {
  public typealias Element = Transformed

  @usableFromInline typealias Outcome = Result<Transformed, Failure>

  @usableFromInline let base: Base
  @usableFromInline let isOrdered: Bool
  @usableFromInline let limit: StreamLimit<Base.Element>
  @usableFromInline let pool: ThreadPool
  @usableFromInline let transform: @Sendable (Base.Element) throws(Failure) -> Transformed
  @usableFromInline let convert: @Sendable (Base.Failure) -> Failure

  @inlinable
  init(
    base: Base, isOrdered: Bool, limit: StreamLimit<Base.Element>, pool: ThreadPool,
    transform: @escaping @Sendable (Base.Element) throws(Failure) -> Transformed,
    convert: @escaping @Sendable (Base.Failure) -> Failure
  ) {
    self.base = base
    self.isOrdered = isOrdered
    self.limit = limit
    self.pool = pool
    self.transform = transform
    self.convert = convert
  }

  @inlinable
  public func makeAsyncIterator() -> Iterator {
    let (base, limit, transform, convert) = (base, limit, transform, convert)
    let window = StreamWindow(
      limit: limit.total, isOrdered: isOrdered, pool: pool, width: Swift.min(pool.threadCount, limit.total)
    ) { claim, watch in
      // SAFETY: the feeder puts in nothing else.
      unsafe unsafeDowncast(claim.chunk, to: StreamElements<Base.Element, Outcome>.self).map(claim, &watch, transform)
    }
    return Iterator(
      StreamConsumer(
        StreamSession(window) { window in
          let task = Task { await Self.feed(window, from: base, limit, convert) }
          return { task.cancel() }
        }))
  }

  /// Pulls from the source as long as there is room.
  @inlinable
  static func feed(
    _ window: StreamWindow, from base: Base, _ limit: StreamLimit<Base.Element>,
    _ convert: @Sendable (Base.Failure) -> Failure
  ) async {
    var feed = StreamFeed<Base.Element, Outcome>(window, weighs: limit.cost != nil)
    do throws(Base.Failure) {
      var iterator = base.makeAsyncIterator()
      while await feed.room() {
        guard let element = try await iterator.next(isolation: nil) else { break }
        feed.put(element, weight: limit.weight(of: element))
      }
      window.finish()
    } catch {
      window.finish(with: StreamOutcomes(Outcome.failure(convert(error))))
    }
    // Runners see the values of this task.
    await window.waitForRest()
  }

  /// Hands on one element after the other. When it is gone, and all its copies, the stream ends.
  public struct Iterator: AsyncIteratorProtocol {
    @usableFromInline let consumer: StreamConsumer<Outcome>

    @inlinable
    init(_ consumer: StreamConsumer<Outcome>) { self.consumer = consumer }

    @inlinable
    public mutating func next() async throws(Failure) -> Transformed? { try await next(isolation: nil) }

    @inlinable
    public mutating func next(isolation actor: isolated (any Actor)?) async throws(Failure) -> Transformed? {
      try await consumer.nextResult(isolation: actor)
    }
  }
}
