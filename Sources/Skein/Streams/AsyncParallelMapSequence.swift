/// The elements of an asynchronous sequence, transformed on several threads of a pool.
///
/// Made by `parallelMap`, which describes it.
public struct AsyncParallelMapSequence<Base: AsyncSequence & Sendable, Transformed: Sendable, Failure: Error>:
  AsyncSequence, Sendable
where Base.Element: Sendable {
  public typealias Element = Transformed

  typealias Job = StreamElement<Base.Element, Transformed, Failure>

  let base: Base
  let isOrdered: Bool
  let limit: StreamLimit<Base.Element>
  let pool: ThreadPool
  let transform: @Sendable (Base.Element) throws(Failure) -> Transformed
  let convert: @Sendable (Base.Failure) -> Failure

  public func makeAsyncIterator() -> Iterator {
    let (base, limit, transform, convert) = (base, limit, transform, convert)
    let window = StreamWindow(
      limit: limit.total, isOrdered: isOrdered, pool: pool, width: Swift.min(pool.threadCount, limit.total)
    ) { job in
      // SAFETY: the feeder puts in no other jobs.
      unsafe unsafeDowncast(job, to: Job.self).run(transform)
    }
    return Iterator(
      session: StreamSession(window) { window in
        let task = Task { await Self.feed(window, from: base, limit, convert) }
        return { task.cancel() }
      })
  }

  /// Pulls elements from the source, whenever there is room, until it ends or no more are wanted.
  private static func feed(
    _ window: StreamWindow, from base: Base, _ limit: StreamLimit<Base.Element>,
    _ convert: @Sendable (Base.Failure) -> Failure
  ) async {
    let values = TaskLocalValues.current
    do throws(Base.Failure) {
      var iterator = base.makeAsyncIterator()
      while await window.room() != nil {
        guard let element = try await iterator.next(isolation: nil) else { break }
        window.put(Job(element, weight: limit.weight(of: element)), values)
      }
      window.finish()
    } catch {
      window.finish(with: Job(convert(error)))
    }
    // The runners see the task-local values of this task, so it must not end before them.
    await window.rest()
  }

  /// An iterator that returns one element after another. When it and all its copies are gone, the stream ends.
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
