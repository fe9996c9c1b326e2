/// The state that the copies of an iterator share: the source, and the batches in flight. Only the thread that requests
/// results uses it, so one thread at a time.
final class MappedWindow<Source: IteratorProtocol, Transformed: Sendable, Failure: Error>
where Source.Element: Sendable {
  private typealias Batch = MappedBatch<Source.Element, Transformed, Failure>

  private var source: Source?
  private let limit: StreamLimit<Source.Element>
  private let pool: ThreadPool
  private let transform: @Sendable (Source.Element) throws(Failure) -> Transformed
  private let pace: StreamPace
  private let lentTask = LentTask()
  /// Cancelled with the iterator.
  private let cancellation: Cancellation
  /// The context of a batch, unless it is submitted within a call or by accepted work of another pool.
  private let context: RunContext

  /// How many batches a worker submits for each thread of the pool before any of them has been begun.
  private static var mostUnbegun: Int { 64 }

  /// Batches submitted to the pool, the oldest first.
  private var batches = StreamQueue<Batch>()
  private var weight = 0
  /// The weight of the batch whose results are being returned.
  private var heldWeight = 0
  /// The error to be thrown after the results that are being returned.
  private var error: Failure?

  init(
    _ source: Source, _ limit: StreamLimit<Source.Element>, _ pool: ThreadPool,
    _ transform: @escaping @Sendable (Source.Element) throws(Failure) -> Transformed
  ) {
    self.source = source
    self.limit = limit
    self.pool = pool
    self.transform = transform
    pace = StreamPace(limit: limit.total, width: min(pool.threadCount, limit.total))
    cancellation = Cancellation(lent: lentTask)
    context = RunContext(parent: nil, blocked: nil, cancellation: cancellation)
  }

  deinit {
    cancellation.cancel()
    abandon()
  }

  /// Returns the results of the oldest batch, in reverse order; nil when there are no more.
  func nextBatch() throws(Failure) -> [Transformed]? {
    try lentTask.lend { () throws(Failure) in try takeBatch() }
  }

  private func takeBatch() throws(Failure) -> [Transformed]? {
    if let error {
      self.error = nil
      abandon()
      throw error
    }
    // Pulls one batch to replace the one that is taken below, and more while the oldest batch is not done.
    repeat { guard pull() else { break } } while !batches[0].call.isDone && !isEnoughPulled
    guard let batch = batches.popFirst() else { return nil }
    batch.wait(in: pool)
    error = batch.error
    releaseBatch()
    heldWeight = batch.weight
    let results = batch.takeOutputs()
    if results.isEmpty { releaseBatch() }
    return results
  }

  /// Whether so many batches have been pulled, though none of them has been begun, that a worker should rather wait: the
  /// others may all be waiting for it, or it may be the only one.
  private var isEnoughPulled: Bool {
    guard batches.count >= MappedWindow.mostUnbegun * pool.threadCount, !batches[0].isBegun else { return false }
    return WorkerReference.current.map { $0.role != .guest } ?? false
  }

  /// Notes that all results of the batch have been returned.
  func releaseBatch() {
    weight -= heldWeight
    heldWeight = 0
  }

  /// Pulls a batch and submits it to the pool.
  /// - Returns: Whether it did; false if there was no room or the source has ended.
  private func pull() -> Bool {
    guard weight < limit.total, source != nil else { return false }
    let room = limit.total - weight
    var (elements, pulledWeight): ([Source.Element], Int) = ([], 0)
    let isWhole = limit.pull(from: &source!, size: min(pace.size, room), room: room) { element, weight in
      elements.append(element)
      pulledWeight += weight
    }
    if !isWhole { source = nil }
    guard !elements.isEmpty else { return false }
    weight += pulledWeight
    let batch = Batch(elements, weight: pulledWeight)
    batches.append(batch)
    batch.submit(to: pool, contextHere, pace, transform)
    return true
  }

  /// The context of a batch that the calling code submits: it counts as cancelled with the call in which that code runs,
  /// and what calls back from there into the pools that the code works for is part of their accepted work.
  private var contextHere: RunContext {
    guard let worker = WorkerReference.current else { return context }
    let here = unsafe worker.context?.takeUnretainedValue()
    var pools = here?.outerPools ?? []
    if !pool.core.isCurrent { pools.append(worker.pool.name) }
    // The one that asks for a task is not kept, since work may outlast the task, which is lent instead.
    let outer = here?.cancellation.flatMap { $0.asked == 0 ? $0 : nil }
    if pools.isEmpty && outer == nil { return context }
    let cancellation = outer.map { Cancellation(within: (self.cancellation, $0)) } ?? self.cancellation
    return RunContext(parent: nil, blocked: nil, cancellation: cancellation, submitters: pools)
  }

  private func abandon() {
    source = nil
    while let batch = batches.popFirst() { batch.abandon() }
  }
}
