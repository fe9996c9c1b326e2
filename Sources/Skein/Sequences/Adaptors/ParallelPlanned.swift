/// Another parallel sequence, run by a different plan.
public struct ParallelPlanned<Base: ParallelSequence>: ParallelAdaptor {
  public typealias Element = Base.Element
  public typealias Failure = Base.Failure

  public let base: Base
  public let plan: LoopPlan

  @inlinable
  init(_ base: Base, _ plan: LoopPlan) {
    self.base = base
    self.plan = plan
  }

  @inlinable public var knownCount: Int? { base.knownCount }

  @inlinable
  @inline(__always)
  public func lendClosures() -> ClosureLender { base.lendClosures() }

  @inlinable
  @inline(__always)
  public static func forEachElement<State>(
    from source: UnsafeRawPointer, at positions: Range<Int>, closures: LentClosures, state: inout State,
    receive: (Element, inout State) -> Bool, fail: (Failure, inout State) -> Void
  ) -> Bool {
    unsafe Base.forEachElement(
      from: source, at: positions, closures: closures, state: &state, receive: receive, fail: fail)
  }

  @inlinable
  @inline(__always)
  public static func isExhausted(_ source: UnsafeRawPointer) -> Bool { unsafe Base.isExhausted(source) }
}

extension ParallelPlanned: ParallelCollection where Base: ParallelCollection {
  @inlinable
  @inline(__always)
  public static func element(
    at position: Int, from source: UnsafeRawPointer, closures: LentClosures
  ) throws(Failure) -> Element {
    unsafe try Base.element(at: position, from: source, closures: closures)
  }
}

extension ParallelPlanned: ParallelSpanned where Base: ParallelSpanned {
  @inlinable
  public func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>?) -> Result) -> Result {
    unsafe base.withContiguousElements(body)
  }
}

extension ParallelSequence {
  @usableFromInline
  func planned(_ change: (inout LoopPlan) -> Void) -> ParallelPlanned<Self> {
    var plan = plan
    change(&plan)
    return ParallelPlanned(self, plan)
  }
}

extension ParallelSequence {
  /// Returns the same elements; the loop over them reports its progress.
  ///
  ///     let totals = orders.parallel.reporting { bar.show($0.completed) }.map { total(of: $0) }.sum()
  ///
  /// Workers make the reports, between batches and one at a time: at most one in each interval, and one more when
  /// everything is done. (A loop that ends early, by an error or because its result is decided, makes no last report.)
  /// The total of a plain sequence is known when its last element has been pulled.
  /// A report may be late by the length of a batch: some microseconds, or one element. The reports cost nothing for
  /// single elements. The closure should be quick, since a worker waits for it.
  ///
  /// A stream (`results`) reports in the same way what it has made.
  ///
  /// For Foundation's `Progress`: `progress.totalUnitCount = Int64($0.total ?? -1)`, and
  /// `progress.completedUnitCount = Int64($0.completed)`.
  ///
  /// For an asynchronous sequence of reports, which keeps the newest one for a slower consumer, and ends with the
  /// loop, however that ends:
  ///
  ///     let (reports, continuation) = AsyncStream.makeStream(of: LoopProgress.self, bufferingPolicy: .bufferingNewest(1))
  ///     async let totals = ThreadPool.shared.run {
  ///       defer { continuation.finish() }
  ///       return Array(orders.parallel.reporting { continuation.yield($0) }.map { total(of: $0) })
  ///     }
  ///     for await report in reports { bar.show(report.fractionCompleted) }
  ///     show(await totals)
  ///
  /// `min(count:)` and `max(count:)` run up to three loops, each of which reports its own part. Of what changes elements in
  /// place, `modifyEach` and `modifyEachSpan` report. See ``ParallelInPlaceReporting``.
  ///
  /// Reports count positions of the sequence that the loop runs over; each yields one element, or after `filter` and
  /// `flatMap` a different number.
  ///
  /// - Parameters:
  ///   - interval: The least time between two reports.
  ///   - report: Receives the progress of the loop.
  /// - Precondition: The interval is not negative.
  public func reporting(
    every interval: Duration = .milliseconds(100), to report: @escaping @Sendable (LoopProgress) -> Void
  ) -> ParallelPlanned<Self> {
    planned { $0 = $0.reporting(every: interval, to: report) }
  }
}

extension ParallelCollection {
  /// Returns the same elements; no worker is given fewer than `minimum` of them at once, and none runs more than
  /// `maximum` without checking whether another worker is hungry.
  /// - Precondition: Both numbers are at least 1.
  public func batched(minimum: Int = 1, maximum: Int = .max) -> ParallelPlanned<Self> {
    planned { $0.batch(minimum: minimum, maximum: maximum) }
  }

  /// Returns the same elements, run in blocks of `count`: each block is finished before the next one begins.
  ///
  /// At most `count` elements are under way at once. The barrier between blocks costs time; `parallel(maximumInFlight:)` bounds
  /// the open iterations without one.
  /// - Precondition: `count` is at least 1.
  public func inBlocks(ofCount count: Int) -> ParallelPlanned<Self> {
    planned { $0.blocks = .uniform(count) }
  }

  /// Returns the same elements, run in blocks that double in size, beginning with one element for each thread of the
  /// pool.
  ///
  /// Meant for searches that are likely to end early: little work is wasted.
  public func inGrowingBlocks() -> ParallelPlanned<Self> {
    planned { $0.blocks = .growing }
  }
}
