/// Elements that are made on several threads of a pool, as an asynchronous sequence.
///
/// Made by `results(maximumInFlight:)` of a parallel sequence, and by `parallelStream` of a plain one; see there.
public struct ParallelStream<Element: Sendable, Failure: Error>: AsyncSequence, Sendable {
  @usableFromInline typealias Outcome = Result<Element, Failure>

  /// Puts in what the stream consists of, on a thread of its own.
  @usableFromInline
  enum Feed: Sendable {
    /// Element by element, each of which `work` transforms.
    case elements(@Sendable (StreamWindow) -> Void, work: StreamWindow.Work)
    /// Batch by batch.
    case batches(@Sendable (StreamPump<Element, Failure>) -> Void)
  }

  private let isOrdered: Bool
  private let limit: Int
  private let pool: ThreadPool
  private let plan: LoopPlan
  private let feed: Feed

  @usableFromInline
  init(isOrdered: Bool, limit: Int, plan: LoopPlan, _ feed: Feed) {
    self.isOrdered = isOrdered
    self.limit = limit
    self.plan = plan
    pool = plan.pool ?? .current ?? .shared
    self.feed = feed
  }

  public func makeAsyncIterator() -> Iterator {
    let width = Swift.min(pool.threadCount, plan.maximumInFlight, limit)
    func session(_ work: @escaping StreamWindow.Work, _ feed: @escaping @Sendable (StreamWindow) -> Void)
      -> StreamSession
    {
      let pool = pool
      let window = StreamWindow(limit: limit, isOrdered: isOrdered, pool: pool, width: width, work)
      return StreamSession(window) { window in
        let body = TaskLocalCopies.keeping {
          feed(window)
          window.finish()
          // They see the values of this thread.
          window.waitForRest(StreamSleeper())
        }
        do throws(SystemThread.Refusal) {
          let thread = try SystemThread(
            name: "skein-stream", stackSize: pool.owner.configuration.stackSize, body: body)
          thread.detach()
        } catch {
          fatal("the system refuses a thread that feeds a stream: \(error.reason)")
        }
        return {}
      }
    }
    switch feed {
    case .elements(let feed, let work): return Iterator(.elements(StreamConsumer(session(work, feed))))
    case .batches(let feed):
      let pace = StreamPace(limit: limit, width: width, least: plan.minimumBatch, most: plan.maximumBatch)
      let session = session(StreamBatch<Element, Failure>.run) { feed(StreamPump($0, pace)) }
      return Iterator(.batches(StreamUnpacker(session)))
    }
  }

  /// Hands on one element after the other. When it is gone, and all its copies, the stream ends.
  public struct Iterator: AsyncIteratorProtocol {
    @usableFromInline
    enum Source {
      case elements(StreamConsumer<Outcome>)
      case batches(StreamUnpacker<Element, Failure>)
    }

    @usableFromInline let source: Source

    init(_ source: Source) { self.source = source }

    @inlinable
    public mutating func next() async throws(Failure) -> Element? { try await next(isolation: nil) }

    @inlinable
    public mutating func next(isolation actor: isolated (any Actor)?) async throws(Failure) -> Element? {
      switch source {
      case .elements(let consumer): return try await consumer.nextResult(isolation: actor)
      case .batches(let unpacker): return try await unpacker.next(isolation: actor)
      }
    }
  }
}
