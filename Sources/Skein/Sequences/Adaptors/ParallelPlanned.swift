/// Another parallel sequence, run in another way.
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

extension ParallelSequence {
  @usableFromInline
  func planned(_ change: (inout LoopPlan) -> Void) -> ParallelPlanned<Self> {
    var plan = plan
    change(&plan)
    return ParallelPlanned(self, plan)
  }
}

extension ParallelSequence {
  /// The same elements; the loop over them reports how far it has come.
  ///
  ///     let totals = orders.parallel.reporting { bar.show($0.fractionCompleted) }.map { total(of: $0) }.sum()
  ///
  /// Workers make the reports, between batches and one at a time: at most one in each interval, and one more when all is done. (A loop that ends early, by
  /// an error or because its result is decided, has no last one.) A report comes late by as long as a batch takes: some microseconds, or one element.
  /// Nothing is done for single elements. The closure should be quick, for a worker waits for it.
  ///
  /// A `Progress` of Foundation's: `progress.completedUnitCount = Int64($0.completed)`.
  ///
  /// As an asynchronous sequence of reports, which keeps the newest one for a consumer that is slower, and ends with the loop, however that ends:
  ///
  ///     let (reports, continuation) = AsyncStream.makeStream(of: LoopProgress.self, bufferingPolicy: .bufferingNewest(1))
  ///     async let totals = ThreadPool.shared.run {
  ///       defer { continuation.finish() }
  ///       return Array(orders.parallel.reporting { continuation.yield($0) }.map { total(of: $0) })
  ///     }
  ///     for await report in reports { bar.show(report.fractionCompleted) }
  ///     show(await totals)
  ///
  /// Positions are counted, of the sequence that the loop runs over; from each comes one element, or after `filter` and `flatMap` another number.
  ///
  /// - Parameters:
  ///   - interval: The time between two reports at least.
  ///   - report: Told how far the loop has come.
  /// - Precondition: The interval is not negative.
  public func reporting(
    every interval: Duration = .milliseconds(100), to report: @escaping @Sendable (LoopProgress) -> Void
  ) -> ParallelPlanned<Self> {
    require(interval >= .zero, "the time between two reports is not negative, as \(interval) is")
    return planned { $0.limit { $0.reporting = LoopReporting(interval: interval, report: report) } }
  }
}

extension ParallelCollection {
  /// The same elements; no worker is given fewer than `minimum` of them at once, and none runs more than `maximum` without a look
  /// whether another one is hungry.
  /// - Precondition: Both numbers are at least 1.
  public func batched(minimum: Int = 1, maximum: Int = .max) -> ParallelPlanned<Self> {
    planned { $0.batch(minimum: minimum, maximum: maximum) }
  }

  /// The same elements, run in blocks of `count`: each block is finished before the next one begins.
  ///
  /// At most `count` elements are under way at once. The barrier between blocks costs time; `parallel(maximumInFlight:)` bounds
  /// the open iterations without one.
  /// - Precondition: `count` is at least 1.
  public func inBlocks(ofCount count: Int) -> ParallelPlanned<Self> {
    planned { $0.blocks = .uniform(count) }
  }

  /// The same elements, run in blocks that double: first as many elements as the pool has threads.
  ///
  /// Meant for searches that are likely to end early: little is done in vain.
  public func inGrowingBlocks() -> ParallelPlanned<Self> {
    planned { $0.blocks = .growing }
  }
}
