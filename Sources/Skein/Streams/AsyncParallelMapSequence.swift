/// The elements of an asynchronous sequence, transformed on several threads of a pool.
///
/// Made by `parallelMap`; see there.
public struct AsyncParallelMapSequence<Base: AsyncSequence & Sendable, Transformed: Sendable, Failure: Error>:
  AsyncSequence, Sendable
where Base.Element: Sendable {
  public typealias Element = Transformed

  typealias Job = StreamElement<Base.Element, Transformed, Failure>

  let base: Base
  let settings: StreamSettings<Base.Element>
  let transform: @Sendable (Base.Element) throws(Failure) -> Transformed
  let convert: @Sendable (Base.Failure) -> Failure

  public func makeAsyncIterator() -> Iterator {
    let (base, settings, transform, convert) = (base, settings, transform, convert)
    let window = StreamWindow(limit: settings.limit, isOrdered: settings.isOrdered, pool: settings.pool) { job in
      unsafe unsafeDowncast(job, to: Job.self).run(transform)
    }
    return Iterator(
      session: StreamSession(window) { window in
        let task = Task { await Self.feed(window, from: base, settings, convert) }
        return { task.cancel() }
      })
  }

  /// Pulls from the source as long as there is room.
  private static func feed(
    _ window: StreamWindow, from base: Base, _ settings: StreamSettings<Base.Element>,
    _ convert: @Sendable (Base.Failure) -> Failure
  ) async {
    let values = TaskLocalValues.current
    do throws(Base.Failure) {
      var iterator = base.makeAsyncIterator()
      while await window.room() != nil {
        guard let element = try await iterator.next(isolation: nil) else { break }
        window.put(Job(element, weight: settings.weight(of: element)), values)
      }
      window.finish()
    } catch {
      window.finish(with: Job(convert(error)))
    }
    // They see the values of this task.
    await window.rest()
  }

  /// Hands on one element after the other. When it is gone, and all its copies, the stream ends.
  public struct Iterator: AsyncIteratorProtocol {
    let session: StreamSession

    public mutating func next() async throws(Failure) -> Transformed? { try await next(isolation: nil) }

    public mutating func next(isolation actor: isolated (any Actor)?) async throws(Failure) -> Transformed? {
      guard let job = await session.next(releases: true, isolation: actor) else {
        try checkStreamCancellation(Failure.self)
        return nil
      }
      do throws(Failure) {
        return try unsafe unsafeDowncast(job, to: Job.self).outcome()
      } catch {
        session.end()
        throw error
      }
    }
  }
}

/// How a stream is to be run.
struct StreamSettings<Element>: Sendable {
  let isOrdered: Bool
  /// What may be in flight, in elements or in bytes.
  let limit: Int
  /// What an element costs; nil if all cost one.
  let cost: (@Sendable (Element) -> Int)?
  let pool: ThreadPool

  init(isOrdered: Bool, maximumInFlight: Int, pool: ThreadPool) {
    require(maximumInFlight >= 1, "maximumInFlight is at least 1, not \(maximumInFlight)")
    self.isOrdered = isOrdered
    limit = maximumInFlight
    cost = nil
    self.pool = pool
  }

  init(isOrdered: Bool, maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int, pool: ThreadPool) {
    require(maximumInFlightBytes >= 1, "maximumInFlightBytes is at least 1, not \(maximumInFlightBytes)")
    self.isOrdered = isOrdered
    limit = maximumInFlightBytes
    self.cost = cost
    self.pool = pool
  }

  func weight(of element: Element) -> Int {
    guard let cost else { return 1 }
    let bytes = cost(element)
    require(bytes >= 0, "an element costs at least 0 bytes, not \(bytes)")
    return max(1, bytes)
  }
}
