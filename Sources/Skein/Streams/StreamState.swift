internal import Synchronization

/// What a stream's window holds, and who waits for what: a machine without threads, which `StreamWindow` puts behind a lock.
///
/// A *feeder* puts elements in, from the source, chunk by chunk. *Runners*, on a pool's workers, claim some of them at a time and turn them into outcomes. The
/// *consumer* takes those out. Most of that is done without the lock, in the chunks themselves; here is decided who claims what, and who is woken.
///
/// What a change entails outside the lock, it leaves in `Effects`. The machine knows of a chunk only that there is one: so it is compiled once.
///
/// *What is put off.* To wake somebody costs as much as many short elements. So a consumer is let sleep for a while though there is an outcome, if more will come
/// at once; a feeder, while there is little room; and no runner is called for a few elements that another will have done before it could come. All that
/// is guessed from how long elements took that came before. Where the guess is wrong, `lookAgain` makes up for it, a millisecond later.
struct StreamState: Sendable {
  /// Wakes a waiting feeder.
  typealias Wake = @Sendable () -> Void

  let limit: Int
  let isOrdered: Bool
  /// How many runners there are at most.
  let width: Int
  let signals: StreamSignals

  /// Chunks that the consumer has not got yet, if outcomes are in order.
  private var chunks = StreamQueue<StreamChunk>()
  /// Otherwise, outcomes that it has not taken, in the order in which they came.
  private var finished = StreamQueue<(chunk: StreamChunk, place: Int)>()
  /// Chunks with places that have not been claimed: all of them full but the last.
  private var pending = StreamQueue<StreamChunk>()
  /// What has been claimed and given back.
  private var returned: [StreamClaim] = []
  private var nextNumber = 0
  private var begun = 0
  /// About how long an element takes, in ticks; nil until one is done.
  private var pace: UInt64?
  /// Runners that have been called and have not ended.
  private var runners = 0
  /// What the runners are at that run a claim.
  private var runs: [StreamRun] = []
  private var running: Int { runs.count }
  /// Whether the source has come to its end, or no more of it is wanted.
  private var isFed = false
  /// What comes after everything else, done: an error of the source.
  private var last: StreamChunk?
  /// Whether the consumer has had all that it gets, or wants no more.
  private var isOver = false
  /// The consumer, if it sleeps, and what it waits for.
  private var consumer: Consumer?
  /// Since when there is something for a sleeping consumer.
  private var untoldSince: UInt64?
  /// The feeder, if it waits.
  private var feeder: (need: Need, wake: Wake)?

  /// SAFETY: the continuation is resumed once, by whoever takes it out of here.
  @safe
  private struct Consumer: Sendable {
    let continuation: UnsafeContinuation<Void, Never>
    let at: StreamPosition
  }

  /// What a feeder waits for.
  private enum Need: Sendable {
    /// Room beyond what it has, which is nothing or less; or that no more is wanted.
    case room(has: Int)
    /// The end of all runners.
    case rest
  }

  init(limit: Int, isOrdered: Bool, width: Int, signals: StreamSignals) {
    self.limit = limit
    self.isOrdered = isOrdered
    self.width = width
    self.signals = signals
  }

  /// What is to be done when the lock is free.
  ///
  /// SAFETY: see `Consumer`.
  @safe
  struct Effects {
    var wakeConsumer: UnsafeContinuation<Void, Never>?
    var wakeFeeder: Wake?
    /// Whether a runner is to be called.
    var callsRunner = false
    /// Whether something has been put off, so that somebody has to look again.
    var putsOff = false
    /// What is destroyed once the lock is free: destroying elements and errors may run arbitrary code.
    var dropped: [StreamClaim] = []
    var discarded: (StreamQueue<StreamChunk>, StreamQueue<(chunk: StreamChunk, place: Int)>)?
    var last: StreamChunk?
  }
}

/// How far the consumer has come: a place of a chunk that it has got.
struct StreamPosition: Sendable {
  var chunk: StreamChunk?
  var place = 0
}

// MARK: - The feeder

extension StreamState {
  private var isWanted: Bool { !isFed && !isOver }

  /// Puts a chunk in, with its first element, unless it has turned out meanwhile that no more are wanted.
  /// - Parameter total: How many elements there have been, with that one.
  mutating func add(_ chunk: StreamChunk, total: Int, now: UInt64, _ effects: inout Effects) {
    guard isWanted else { return }
    chunk.number = nextNumber
    nextNumber += chunk.capacity
    if isOrdered { chunks.append(chunk) }
    pending.append(chunk)
    call(total: total, now: now, &effects)
  }

  /// Calls another runner, if there is enough for it.
  mutating func call(total: Int, now: UInt64, _ effects: inout Effects) {
    guard isWanted, runners < width, !hasNothingToClaim else { return }
    if total - begun > signals.enough.load(ordering: .relaxed) || isLate(now) {
      callRunner(&effects)
    } else {
      effects.putsOff = true
    }
  }

  /// Whether no runner has looked up for so long that it is not known when one will.
  private func isLate(_ now: UInt64) -> Bool {
    Int64(bitPattern: now &- signals.lookedAt.load(ordering: .relaxed)) > Int64(StreamState.callWorth)
  }

  private mutating func callRunner(_ effects: inout Effects) {
    runners += 1
    effects.callsRunner = true
    noteRunners()
  }

  /// How much work is worth calling another runner, in ticks.
  static var callWorth: UInt64 { LoopPace.aim / 2 }

  private func noteRunners() {
    let enough =
      if runners == width {
        Int.max
      } else if runners == 0 {
        0
      } else {
        pace.map { Int(StreamState.callWorth / max(1, $0)) } ?? 0
      }
    // Pairs with the load in `StreamFeed.put`: with the look at what can be claimed after it, the *lost wake-up* of `Sleeping.md`.
    signals.enough.store(enough, ordering: .sequentiallyConsistent)
  }

  /// Says that the source has come to its end.
  /// - Parameter error: What the consumer gets after everything else.
  mutating func finish(with error: StreamChunk?, _ effects: inout Effects) {
    guard isWanted else { return }
    isFed = true
    signals.isUnwanted.store(true, ordering: .relaxed)
    last = error
    tellConsumerIfDue(&effects)
  }

  /// Whether there is room, or no more is wanted. If not, `wake` is called once there is.
  /// - Parameter has: What the feeder has of the limit; it is not positive.
  mutating func askForRoom(has: Int, _ wake: @escaping Wake, _ effects: inout Effects) -> Bool {
    if !isWanted { return true }
    feeder = (.room(has: has), wake)
    let half = max(1, limit / 2)
    // Pairs with the load in `StreamConsumer.release`.
    signals.wanted.store(half - has, ordering: .sequentiallyConsistent)
    guard room(has) > 0 else { return false }
    forgetFeeder()
    return true
  }

  /// Whether all runners have ended. If not, `wake` is called when they have.
  mutating func askForRest(_ wake: @escaping Wake) -> Bool {
    if runners == 0 { return true }
    feeder = (.rest, wake)
    return false
  }

  private func room(_ has: Int) -> Int { has + signals.freed.load(ordering: .sequentiallyConsistent) }

  private mutating func forgetFeeder() {
    feeder = nil
    signals.wanted.store(.max, ordering: .relaxed)
  }

  /// Wakes a waiting feeder if what it waits for has come.
  ///
  /// While there is little room it is let wait: it costs more to wake it than to let it bring one element. But not if a runner would have nothing
  /// to do and the consumer would have to wait.
  mutating func tellFeeder(mayPutOff: Bool = true, _ effects: inout Effects) {
    guard let waiting = feeder else { return }
    switch waiting.need {
    case .rest: guard runners == 0 else { return }
    case .room(let has):
      if !isWanted { break }
      let room = room(has)
      guard room > 0 else { return }
      if mayPutOff, room < max(1, limit / 2), !isStarving {
        effects.putsOff = true
        return
      }
    }
    forgetFeeder()
    effects.wakeFeeder = waiting.wake
  }

  private var isStarving: Bool { consumer != nil && running < width && hasNothingToClaim && !isReady }
}

// MARK: - Runners

extension StreamState {
  private var hasNothingToClaim: Bool {
    returned.isEmpty && (pending.isEmpty || pending.count == 1 && pending[0].available == 0)
  }

  /// Some elements, if there are any; otherwise the runner has ended.
  mutating func claim(for run: StreamRun, _ effects: inout Effects) -> StreamClaim? {
    if let claim = nextClaim() { return begin(claim, run, &effects) }
    runners -= 1
    noteRunners()
    // An element that was put in before that has called no runner, since there seemed to be as many as there may be: see
    // `StreamFeed.callIfNeeded`. Others may wait for it in their closures, so it must not be left to them.
    if let claim = nextClaim() {
      runners += 1
      noteRunners()
      return begin(claim, run, &effects)
    }
    tellFeeder(&effects)
    return nil
  }

  /// Takes back a runner that could not be started.
  /// - Returns: Whether no more of the stream is wanted.
  mutating func giveUpRunner(_ effects: inout Effects) -> Bool {
    runners -= 1
    noteRunners()
    tellFeeder(&effects)
    return isOver
  }

  private mutating func nextClaim() -> StreamClaim? {
    if let earliest = returned.indices.min(by: { returned[$0].number < returned[$1].number }) {
      let claim = returned.remove(at: earliest)
      let size = share(of: claim.places.count)
      let middle = claim.places.lowerBound + size
      if middle < claim.places.upperBound {
        returned.append(StreamClaim(claim.chunk, middle..<claim.places.upperBound))
      }
      return StreamClaim(claim.chunk, claim.places.lowerBound..<middle)
    }
    guard !pending.isEmpty else { return nil }
    let chunk = pending[0]
    let available = chunk.available
    guard available > 0 else { return nil }
    let start = chunk.claimed
    chunk.claimed += share(of: available)
    if chunk.claimed == chunk.capacity { _ = pending.popFirst() }
    return StreamClaim(chunk, start..<chunk.claimed)
  }

  private mutating func begin(_ claim: StreamClaim, _ run: StreamRun, _ effects: inout Effects) -> StreamClaim {
    run.begin(claim)
    runs.append(run)
    noteBegun(claim.places.count)
    // The first may take longer than was thought.
    if claim.places.count > 1 { effects.putsOff = true }
    return claim
  }

  private mutating func noteBegun(_ count: Int) {
    begun += count
    signals.begun.store(begun, ordering: .relaxed)
  }

  /// How many of so many elements one runner claims: all of them if they are short, and otherwise no more than leave something for the others.
  private func share(of count: Int) -> Int {
    guard let pace, count > 1 else { return 1 }
    let most = max(1, Int(StreamState.delay / max(1, pace)))
    if count <= most / 4 { return count }
    return max(1, min(most, limit / 8, (count + width - 1) / width))
  }

  /// For how long a consumer may be let sleep although there is something for it, and about how long a claim should take, in ticks.
  static var delay: UInt64 { 8 * LoopPace.aim }

  /// Takes note of how a runner has left what it had claimed.
  mutating func end(
    _ claim: StreamClaim, _ end: StreamClaim.End, of run: StreamRun, time: (now: UInt64, taken: UInt64),
    _ effects: inout Effects
  ) {
    runs.removeAll { $0 === run }
    run.claim = nil
    let rest = end.place..<claim.places.upperBound
    let each = time.taken / UInt64(max(1, end.place - claim.places.lowerBound))
    pace = pace.map { each >= $0 ? each : $0 - ($0 - each) / 4 } ?? each
    if isOver {
      if end.reason == .givenBack { effects.dropped.append(StreamClaim(claim.chunk, rest)) }
      return
    }
    switch end.reason {
    case .done: break
    case .givenBack:
      giveBack(StreamClaim(claim.chunk, rest))
      // It took longer than was thought.
      if runners < width { callRunner(&effects) }
    case .last:
      isFed = true
      effects.last = last.take()
      signals.isUnwanted.store(true, ordering: .relaxed)
      dropUnclaimed(after: claim.chunk.number + end.place, &effects)
    }
    noteOutcome(now: time.now, taken: each, &effects)
    tellFeeder(&effects)
  }

  private mutating func giveBack(_ rest: StreamClaim) {
    returned.append(rest)
    noteBegun(-rest.places.count)
  }

  /// Lets go of all that nobody has begun and that comes after an element.
  private mutating func dropUnclaimed(after number: Int = 0, _ effects: inout Effects) {
    while let chunk = pending.popFirst() {
      let published = chunk.published.load(ordering: .sequentiallyConsistent)
      effects.dropped.append(StreamClaim(chunk, chunk.claimed..<published))
      chunk.claimed = published
    }
    for claim in returned where claim.number >= number || !isOrdered { effects.dropped.append(claim) }
    returned.removeAll { $0.number >= number || !isOrdered }
  }

  /// Wakes a sleeping consumer if there is something for it, unless more is about to come.
  mutating func noteOutcome(now: UInt64, taken: UInt64, _ effects: inout Effects) {
    guard consumer != nil, isDue else { return }
    let since = untoldSince ?? now
    if hasNothingToClaim || isOver || isRunningDry || taken > StreamState.delay / 2 || now &- since > StreamState.delay
    {
      tellConsumer(&effects)
    } else {
      untoldSince = since
      effects.putsOff = true
    }
  }

  /// Whether the runners will have done all that is there before the consumer could make room and the feeder bring more.
  private var isRunningDry: Bool {
    guard feeder != nil, pending.count <= 1, let pace else { return false }
    let count = returned.reduce(pending.isEmpty ? 0 : pending[0].available) { $0 + $1.places.count }
    return Double(count) * Double(pace) < Double(width) * Double(StreamState.refill)
  }

  /// About how long it takes to wake the consumer, and then the feeder, in ticks.
  private static var refill: UInt64 { 4 * LoopPace.aim }

  /// Takes an outcome in, if they are not in order.
  mutating func append(_ chunk: StreamChunk, _ place: Int) { finished.append((chunk, place)) }
}

// MARK: - The consumer

extension StreamState {
  /// What a consumer is told that asks for the next outcome.
  enum Next: Sendable {
    /// It is here.
    case ready(StreamPosition)
    /// It will be here.
    case wait(StreamPosition)
    /// There is none.
    case end
  }

  /// Whether there is something for a consumer that sleeps.
  private var isReady: Bool {
    guard isOrdered else { return !finished.isEmpty }
    guard let at = consumer?.at else { return false }
    if let chunk = at.chunk, at.place < chunk.capacity { return chunk.isDone(at.place) }
    return !chunks.isEmpty && chunks[0].isDone(0)
  }

  /// Whether there is something for a consumer that sleeps, or the end.
  private var isDue: Bool { isOver || isReady || consumer.map { isExhausted(at: $0.at) } ?? false }

  /// Whether all has been taken.
  private func isExhausted(at position: StreamPosition) -> Bool {
    guard isFed else { return false }
    if !isOrdered { return finished.isEmpty && running == 0 && hasNothingToClaim }
    guard chunks.isEmpty else { return false }
    // Relaxed: the feeder has said after that that the source is at its end.
    return position.chunk.map { position.place == $0.published.load(ordering: .relaxed) } ?? true
  }

  /// Where the next outcome is.
  mutating func next(from position: StreamPosition, _ effects: inout Effects) -> Next {
    if isOver { return .end }
    var position = position
    if !isOrdered {
      if let (chunk, place) = finished.popFirst() { return .ready(StreamPosition(chunk: chunk, place: place)) }
    } else {
      if position.chunk.map({ position.place == $0.capacity }) ?? true {
        position = StreamPosition(chunk: chunks.popFirst())
      }
      if let chunk = position.chunk, chunk.isDone(position.place) { return .ready(position) }
    }
    guard isExhausted(at: position) else { return .wait(position) }
    isOver = true
    signals.isOver.store(true, ordering: .relaxed)
    return last.take().map { .ready(StreamPosition(chunk: $0)) } ?? .end
  }

  /// Lets the consumer sleep.
  /// - Returns: Whether it will be woken. Otherwise there is something for it by now.
  mutating func sleep(
    _ continuation: UnsafeContinuation<Void, Never>, at position: StreamPosition, _ effects: inout Effects
  ) -> Bool {
    require(consumer == nil, "two tasks ask a stream for its next element at once")
    consumer = unsafe Consumer(continuation: continuation, at: position)
    // Before the look at whether there is something: pairs with the load in `StreamWatch.look`.
    signals.consumerSleeps.store(true, ordering: .sequentiallyConsistent)
    if isDue {
      forgetConsumer()
      return false
    }
    tellFeeder(&effects)
    return true
  }

  private mutating func forgetConsumer() {
    consumer = nil
    untoldSince = nil
    signals.consumerSleeps.store(false, ordering: .relaxed)
  }

  private mutating func tellConsumer(_ effects: inout Effects) {
    guard let sleeping = consumer else { return }
    forgetConsumer()
    unsafe effects.wakeConsumer = sleeping.continuation
  }

  /// Wakes a sleeping consumer if there is something for it.
  mutating func tellConsumerIfDue(_ effects: inout Effects) { if isDue { tellConsumer(&effects) } }

  /// Ends the stream: nobody wants any more of it.
  mutating func end(_ effects: inout Effects) {
    guard !isOver else { return }
    isOver = true
    signals.isOver.store(true, ordering: .relaxed)
    signals.isUnwanted.store(true, ordering: .relaxed)
    dropUnclaimed(&effects)
    effects.discarded = (chunks, finished)
    effects.last = last.take()
    chunks = StreamQueue()
    finished = StreamQueue()
    tellConsumer(&effects)
    tellFeeder(&effects)
  }

  /// Does what was put off, if it is still to be done.
  mutating func lookAgain(_ effects: inout Effects) {
    tellConsumerIfDue(&effects)
    tellFeeder(mayPutOff: false, &effects)
    guard runners < width, !isOver else { return }
    for run in runs {
      if let rest = run.takeRestIfLate() { giveBack(rest) }
      if run.hasRest { effects.putsOff = true }
    }
    if !hasNothingToClaim { callRunner(&effects) }
  }
}
