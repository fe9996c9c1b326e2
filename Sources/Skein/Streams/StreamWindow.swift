public import Synchronization

/// The window of a stream: what is between its source and its consumer, and the runners that work on it in a pool.
///
/// Runners are calls into the pool, as those of an asynchronous `run`: each claims elements, in order, until there are none. Nobody blocks in one for want of
/// elements or of room: it ends, and another is called. So a slow consumer costs the pool nothing. They start on workers that wait for nothing.
@usableFromInline
final class StreamWindow: Sendable {
  /// Makes outcomes of what has been claimed.
  @usableFromInline typealias Work = @Sendable (StreamClaim, inout StreamWatch) -> StreamClaim.End

  @usableFromInline let signals: StreamSignals
  let isOrdered: Bool
  let limit: Int
  private let state: Mutex<StreamState>
  let pool: ThreadPool
  private let work: Work
  /// On whose behalf the runners run: so that `ThreadPool.isCancelled`, and loops in a closure, know when the stream has ended.
  private let context = RunContext(parent: nil, blocked: nil, cancellation: Cancellation())
  /// The task-local values that the closures are to see. The feeder keeps them until all runners have ended.
  private let values = Mutex(TaskLocalValues.none)
  /// Whether something has been put off, and whether somebody looks again.
  private let hasPutOff = Atomic<Bool>(false)
  private let isWatched = Atomic<Bool>(false)

  /// How long a runner goes on before it lets others have its worker, in ticks.
  private static var patience: UInt64 { 50 * LoopPace.aim }

  @usableFromInline
  init(limit: Int, isOrdered: Bool, pool: ThreadPool, width: Int, _ work: @escaping Work) {
    signals = StreamSignals(limit: limit)
    self.isOrdered = isOrdered
    self.limit = limit
    state = Mutex(StreamState(limit: limit, isOrdered: isOrdered, width: width, signals: signals))
    self.pool = pool
    self.work = work
  }

  /// Changes the state, and then does what that entails.
  private func change<Result: Sendable>(_ body: (inout StreamState, inout StreamState.Effects) -> Result) -> Result {
    var effects = StreamState.Effects()
    let result = state.withLock { body(&$0, &effects) }
    if effects.callsRunner { callRunner() }
    // SAFETY: whoever is taken out of the state is resumed once, here.
    unsafe effects.wakeConsumer?.resume()
    effects.wakeFeeder?()
    if effects.putsOff { putOff() }
    for claim in effects.dropped where !claim.places.isEmpty { claim.chunk.drop(claim.places) }
    return result
  }
}

// MARK: - Runners

extension StreamWindow {
  private func callRunner() {
    let values = values.withLock { $0 }
    let (isAccepted, isOver) = pool.core.lifecycle.acceptIfOpen(
      isPartOfAcceptedWork: pool.core.isCalledByAcceptedWork)
    if isOver { pool.core.wakeEverybody() }
    guard isAccepted else {
      // If the stream has ended since its job was put in, the pool may have been shut down as well.
      if change({ $0.giveUpRunner(&$1) }) { return }
      fatal("work was submitted to a thread pool after its shut-down")
    }
    pool.core.inject(Submission(.owned { self.run() }, caller: .closure {}, context: context, values: values))
  }

  private func run() {
    var watch = StreamWatch(self)
    let began = watch.lookedAt
    let run = watch.run
    var next = change { $0.claim(for: run, &$1) }
    while let claim = next {
      let end = work(claim, &watch)
      let taken = watch.finishClaim()
      let isPatient = watch.lookedAt &- began < StreamWindow.patience
      next = change { state, effects in
        state.end(claim, end, of: run, time: (watch.lookedAt, taken), &effects)
        return isPatient ? state.claim(for: run, &effects) : nil
      }
      if !isPatient { callRunner() }
    }
  }

  /// Wakes a sleeping consumer if there is something for it.
  fileprivate func tellConsumer() { change { $0.tellConsumerIfDue(&$1) } }

  /// Takes an outcome in, if they are not in order.
  fileprivate func append(_ chunk: StreamChunk, _ place: Int) { change { state, _ in state.append(chunk, place) } }
}

/// What a runner watches between two elements.
@usableFromInline
struct StreamWatch {
  private let window: StreamWindow
  private let isOrdered: Bool
  @usableFromInline let run = StreamRun()
  /// When the claim was made, and when the runner has looked up last.
  private var began: UInt64
  fileprivate private(set) var lookedAt: UInt64
  /// Since when the consumer has been seen asleep.
  private var asleepSince: UInt64?

  fileprivate init(_ window: StreamWindow) {
    self.window = window
    isOrdered = window.isOrdered
    began = ticks()
    lookedAt = began
  }

  /// Takes an outcome in.
  @usableFromInline
  func note(_ chunk: StreamChunk, _ place: Int) { if !isOrdered { window.append(chunk, place) } }

  /// Begins the next element, unless the rest has been taken.
  @inlinable
  func begin(_ place: Int) -> Bool {
    run.next.compareExchange(expected: place, desired: place + 1, ordering: .relaxed).exchanged
  }

  /// Takes the rest of the claim, so that nobody else does.
  /// - Returns: Whether that has come off, and there is any.
  @inlinable
  func takeRest(from place: Int, of claim: StreamClaim) -> Bool {
    place < claim.places.upperBound
      && run.next.compareExchange(expected: place, desired: claim.places.upperBound, ordering: .relaxed).exchanged
  }

  @usableFromInline
  enum Look { case goOn, giveBack, drop }

  /// Says how to go on after an element that is not the last one of the claim.
  @usableFromInline
  mutating func look() -> Look {
    let now = ticks()
    let taken = now &- lookedAt
    lookedAt = now
    let signals = window.signals
    signals.lookedAt.store(now, ordering: .relaxed)
    if signals.isOver.load(ordering: .relaxed) { return .drop }
    // Pairs with the store in `StreamState.sleep`.
    if signals.consumerSleeps.load(ordering: .sequentiallyConsistent) {
      let since = asleepSince ?? now
      if taken > StreamState.delay / 2 || now &- since > StreamState.delay {
        window.tellConsumer()
        asleepSince = nil
      } else {
        asleepSince = since
        window.putOff()
      }
    } else {
      asleepSince = nil
    }
    return now &- began > 2 * StreamState.delay ? .giveBack : .goOn
  }

  /// - Returns: How long the claim took, in ticks.
  fileprivate mutating func finishClaim() -> UInt64 {
    let now = ticks()
    defer { began = now }
    lookedAt = now
    window.signals.lookedAt.store(now, ordering: .relaxed)
    return now &- began
  }
}

// MARK: - The feeder

extension StreamWindow {
  /// Puts a chunk in, with its first element.
  @usableFromInline
  func add(_ chunk: StreamChunk, total: Int) { change { $0.add(chunk, total: total, now: ticks(), &$1) } }

  /// Calls another runner if one is needed.
  /// - Parameter total: How many elements have been put in.
  @usableFromInline
  func call(total: Int) { change { $0.call(total: total, now: ticks(), &$1) } }

  /// Says what task-local values the closures are to see, before anything is put in. The feeder keeps them until all runners have ended.
  func keep(_ values: TaskLocalValues) { self.values.withLock { $0 = values } }

  /// Says that the source has come to its end, or to an error, which the consumer gets after everything else.
  @usableFromInline
  func finish(with error: StreamChunk? = nil) { change { $0.finish(with: error, &$1) } }

  /// Whether there is room.
  /// - Parameters:
  ///   - has: What the feeder has of the limit.
  ///   - wake: Called once if the answer is no, when there is room, or when no more is wanted.
  func askForRoom(has: Int, _ wake: @escaping StreamState.Wake) -> Bool {
    change { $0.askForRoom(has: has, wake, &$1) }
  }

  /// Whether all runners have ended.
  /// - Parameter wake: Called once, when they have, if the answer is no.
  func askForRest(_ wake: @escaping StreamState.Wake) -> Bool { change { state, _ in state.askForRest(wake) } }

  /// Suspends the feeder until there is room.
  @usableFromInline
  func waitForRoom(has: Int) async {
    // SAFETY: it is resumed once, by this or by `wake`.
    unsafe await withUnsafeContinuation { continuation in
      if askForRoom(has: has, { unsafe continuation.resume() }) { unsafe continuation.resume() }
    }
  }

  /// Suspends the feeder until all runners have ended.
  @usableFromInline
  func waitForRest() async {
    // SAFETY: it is resumed once, by this or by `wake`.
    unsafe await withUnsafeContinuation { continuation in
      if askForRest({ unsafe continuation.resume() }) { unsafe continuation.resume() }
    }
  }
}

// MARK: - The consumer

extension StreamWindow {
  /// Where the next outcome is; nil at the end.
  func next(
    from position: StreamPosition, isolation actor: isolated (any Actor)? = #isolation
  ) async -> StreamPosition? {
    var position = position
    while true {
      switch change({ $0.next(from: position, &$1) }) {
      case .ready(let position): return position
      case .end: return nil
      case .wait(let here): position = here
      }
      let here = position
      // SAFETY: it is resumed once, by this or by whoever wakes the consumer.
      unsafe await withUnsafeContinuation(isolation: actor) { continuation in
        if !change({ unsafe $0.sleep(continuation, at: here, &$1) }) { unsafe continuation.resume() }
      }
    }
  }

  /// Says that enough has been handed on for a waiting feeder.
  @usableFromInline
  func tellFeeder() { change { $0.tellFeeder(&$1) } }

  /// Ends the stream. What has not been begun is destroyed, what runs is told.
  func end() {
    context.cancellation?.cancel()
    change { $0.end(&$1) }
  }
}

// MARK: - Looking again

extension StreamWindow {
  /// Sees to it that somebody looks again, a millisecond later, at what has been put off.
  @usableFromInline
  func putOff() {
    // In one order with the end of `watch`: either it sees that there is something, or it is seen to have ended.
    if hasPutOff.load(ordering: .sequentiallyConsistent) { return }
    hasPutOff.store(true, ordering: .sequentiallyConsistent)
    if isWatched.exchange(true, ordering: .sequentiallyConsistent) { return }
    Task.detached { await self.watch() }
  }

  private func watch() async {
    repeat {
      var looksInVain = 0
      while looksInVain < 4, !signals.isOver.load(ordering: .relaxed) {
        try? await Task.sleep(for: .milliseconds(3))
        if hasPutOff.exchange(false, ordering: .sequentiallyConsistent) {
          looksInVain = 0
          change { $0.lookAgain(&$1) }
        } else {
          looksInVain += 1
        }
      }
      isWatched.store(false, ordering: .sequentiallyConsistent)
    } while hasPutOff.load(ordering: .sequentiallyConsistent) && !signals.isOver.load(ordering: .relaxed)
      && !isWatched.exchange(true, ordering: .sequentiallyConsistent)
  }
}
