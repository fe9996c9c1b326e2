/// Elements that are made on several threads of a pool, as an asynchronous sequence.
///
/// Made by `results(maximumInFlight:)` of a parallel sequence and by `parallelStream` of an ordinary one, which
/// describe it.
public struct ParallelStream<Element: Sendable, Failure: Error>: AsyncSequence, Sendable {
  @usableFromInline typealias Feed = @Sendable (StreamPump<Element, Failure>) -> Void

  private let isOrdered: Bool
  private let limit: Int
  private let pool: ThreadPool
  private let plan: LoopPlan
  private let feed: Feed

  /// - Parameter feed: Puts batches into the stream until there are no more. It is called on a separate thread.
  @usableFromInline
  init(isOrdered: Bool, limit: Int, plan: LoopPlan, _ feed: @escaping Feed) {
    self.isOrdered = isOrdered
    self.limit = limit
    self.plan = plan
    pool = plan.pool ?? .current ?? .shared
    self.feed = feed
  }

  public func makeAsyncIterator() -> Iterator {
    let width = Swift.min(pool.threadCount, plan.maximumInFlight, limit)
    let window = StreamWindow(limit: limit, isOrdered: isOrdered, pool: pool, width: width) { job in
      // SAFETY: the feeder puts in no other jobs.
      unsafe unsafeDowncast(job, to: StreamBatch<Element, Failure>.self).run()
    }
    let (limit, feed, pool, plan) = (limit, feed, pool, plan)
    return Iterator(
      session: StreamSession(window) { window in
        let body = TaskLocalCopies.keeping {
          let pace = StreamPace(limit: limit, width: width, least: plan.minimumBatch, most: plan.maximumBatch)
          let pump = StreamPump<Element, Failure>(window, pace)
          feed(pump)
          window.finish()
          // The runners read from the source, and see the task-local values of this thread, so it must not end before
          // them.
          pump.waitForRest()
        }
        do throws(SystemThread.Refusal) {
          let thread = try SystemThread(
            name: "skein-stream", stackSize: pool.owner.configuration.stackSize, body: body)
          thread.detach()
        } catch {
          fatal("the system refuses a thread that feeds a stream: \(error.reason)")
        }
        return {}
      })
  }

  /// An iterator that returns one element after another. When it and all its copies are gone, the stream ends.
  public struct Iterator: AsyncIteratorProtocol {
    let session: StreamSession
    /// The rest of the batch that was taken last, in reverse order.
    @usableFromInline var elements: [Element] = []
    private var error: Failure?

    init(session: StreamSession) { self.session = session }

    @inlinable
    public mutating func next() async throws(Failure) -> Element? { try await next(isolation: nil) }

    @inlinable
    public mutating func next(isolation actor: isolated (any Actor)?) async throws(Failure) -> Element? {
      if elements.count > 1, !Task.isCancelled { return elements.removeLast() }
      return try await nextOrLast(isolation: actor)
    }

    /// Returns the last element of a batch, or the first of the next one; ends the stream if the task is cancelled.
    @usableFromInline
    mutating func nextOrLast(isolation actor: isolated (any Actor)?) async throws(Failure) -> Element? {
      while elements.isEmpty {
        if let error {
          self.error = nil
          session.end()
          throw error
        }
        guard let job = await session.next(releases: false, isolation: actor) else {
          try checkStreamCancellation(Failure.self)
          return nil
        }
        // SAFETY: the feeder puts in no other jobs.
        let batch = unsafe unsafeDowncast(job, to: StreamBatch<Element, Failure>.self)
        elements = batch.takeElements()
        error = batch.error
        if elements.isEmpty { session.window.release() }
      }
      if Task.isCancelled {
        elements = []
        error = nil
        session.end()
        try checkStreamCancellation(Failure.self)
        return nil
      }
      if elements.count == 1 { session.window.release() }
      return elements.removeLast()
    }
  }
}
