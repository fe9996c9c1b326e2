/// The content of a stream's window, and who waits for what: a state machine without threads, which `StreamWindow` puts
/// behind a lock.
///
/// A *feeder* puts jobs in, from the source. *Runners*, on a pool's workers, turn jobs into outcomes. The *consumer*
/// takes those out. Everything in the window has a weight. The feeder may continue only while the total weight is less
/// than the limit.
///
/// Changes that have to be made outside the lock are left in `Effects`. The machine does not depend on the types of
/// elements, so it is compiled once.
struct StreamState: Sendable {
  /// A job that is pending or running, and its sequence number.
  struct Begun: Sendable {
    let job: StreamJob
    let number: Int
  }

  /// Wakes a waiting feeder.
  typealias Wake = @Sendable () -> Void

  let limit: Int
  let isOrdered: Bool
  /// The maximum number of runners.
  let width: Int

  /// The jobs that have not been begun.
  private var pending = StreamQueue<Begun>()
  /// Outcomes that the consumer has not taken. If they are ordered, there is a place for each job once it has been put
  /// in, which is nil until the job is done; otherwise they are in the order in which they were made.
  private var outcomes = StreamQueue<StreamJob?>()
  /// The number of the job to which the first place of `outcomes` belongs, if they are ordered.
  private var firstNumber = 0
  private var nextNumber = 0
  private var weight = 0
  /// What the outcome counts for that was taken last and is being handed on: part of `weight`.
  private var heldWeight = 0
  /// Runners that have been started and have not ended.
  private var runners = 0
  /// Jobs that have been begun and are not done.
  private var running = 0
  /// Whether the source has ended, or no more of it is wanted.
  private var isFed = false
  /// The outcome after all others: an error of the source.
  private var last: StreamJob?
  /// Whether the consumer has received everything, or wants no more.
  private var isOver = false
  /// The consumer, if it waits.
  private var consumer: CheckedContinuation<Void, Never>?
  /// The time since when there is something for a waiting consumer.
  private var untoldSince: UInt64?
  /// The feeder, if it waits.
  private var feeder: (need: Need, wake: Wake)?

  /// The event that a feeder waits for.
  private enum Need: Sendable {
    /// Room, or that no more is wanted.
    case room
    /// The end of all runners.
    case rest
  }

  init(limit: Int, isOrdered: Bool, width: Int) {
    self.limit = limit
    self.isOrdered = isOrdered
    self.width = width
  }

  /// Actions to take when the lock has been released.
  struct Effects {
    var wakeConsumer: CheckedContinuation<Void, Never>?
    var wakeFeeder: Wake?
    /// Destroying elements and errors may run arbitrary code.
    var discarded: (StreamQueue<Begun>, StreamQueue<StreamJob?>, last: StreamJob?)?
  }
}

// MARK: - The feeder

extension StreamState {
  /// The answer to a feeder that asks for room.
  enum Room: Sendable {
    /// The limit leaves this much.
    case room(Int)
    /// No more is wanted.
    case unwanted
    /// There is none yet; the feeder will be woken.
    case wait
  }

  private var isWanted: Bool { !isFed && !isOver }

  /// - Parameter wake: Called once, if the feeder has to wait. Without it the feeder asks again.
  mutating func askForRoom(_ wake: Wake? = nil) -> Room {
    if !isWanted { return .unwanted }
    if weight < limit { return .room(limit - weight) }
    feeder = wake.map { (.room, $0) }
    return .wait
  }

  /// Puts a job in, unless no more are wanted meanwhile.
  /// - Returns: Whether another runner is to be started.
  mutating func put(_ job: StreamJob) -> Bool {
    guard isWanted else { return false }
    weight += job.weight
    if isOrdered { outcomes.append(nil) }
    pending.append(Begun(job: job, number: nextNumber))
    nextNumber += 1
    guard runners < width else { return false }
    runners += 1
    return true
  }

  /// Notes that the source has ended.
  /// - Parameter error: The outcome after all others.
  mutating func finish(with error: StreamJob?, _ effects: inout Effects) {
    guard isWanted else { return }
    isFed = true
    last = error
    tellConsumer(&effects)
  }

  /// Returns whether all runners have ended. If not, `wake`, if there is one, is called when they have.
  mutating func askForRest(_ wake: Wake? = nil) -> Bool {
    if runners == 0 { return true }
    feeder = wake.map { (.rest, $0) }
    return false
  }

  /// Wakes a waiting feeder if the event that it waits for has occurred.
  ///
  /// While there is little room the feeder is left waiting: waking it costs more than one element is worth; unless a
  /// runner would run out of jobs and the consumer would have to wait.
  private mutating func tellFeeder(_ effects: inout Effects) {
    guard let waiting = feeder else { return }
    let isDue =
      switch waiting.need {
      case .rest: runners == 0
      case .room:
        !isWanted || weight <= limit - max(1, limit / 2)
          || weight < limit && pending.isEmpty && running < width && !isReady
      }
    guard isDue else { return }
    feeder = nil
    effects.wakeFeeder = waiting.wake
  }
}

// MARK: - Runners

extension StreamState {
  /// Returns a job, if there is one; otherwise the runner has ended.
  mutating func begin(_ effects: inout Effects) -> Begun? {
    let next = pending.popFirst()
    if next == nil { runners -= 1 } else { running += 1 }
    tellFeeder(&effects)
    return next
  }

  /// Takes back a runner that could not be started.
  /// - Returns: Whether no more of the stream is wanted.
  mutating func giveUpRunner(_ effects: inout Effects) -> Bool {
    runners -= 1
    tellFeeder(&effects)
    return isOver
  }

  /// How long a consumer may be left waiting although there is something for it, in ticks.
  private static var delay: UInt64 { LoopPace.aim }

  /// Takes a job that is done.
  ///
  /// Waking a consumer costs more than a short job. So if jobs are short, and the next one has been put in already, the
  /// consumer is left waiting until several are done.
  /// - Parameters:
  ///   - isLast: Whether nothing is wanted that comes after it.
  ///   - time: When it was done, and how long it took, in ticks.
  mutating func end(_ begun: Begun, isLast: Bool, time: (now: UInt64, taken: UInt64), _ effects: inout Effects) {
    running -= 1
    if isOver { return }
    if isOrdered { outcomes[begun.number - firstNumber] = begun.job } else { outcomes.append(begun.job) }
    if isLast {
      // Jobs begin in order. So those that have not been begun come later, and earlier ones have been begun.
      isFed = true
      effects.discarded = (pending, StreamQueue(), last.take())
      pending = StreamQueue()
    }
    if consumer != nil, isReady {
      let since = untoldSince ?? time.now
      if pending.isEmpty || time.taken > StreamState.delay || time.now &- since > StreamState.delay {
        tellConsumer(&effects)
      } else {
        untoldSince = since
      }
    }
    tellFeeder(&effects)
  }
}

// MARK: - The consumer

extension StreamState {
  /// The answer to a consumer that asks for the next outcome.
  enum Next: Sendable {
    /// This outcome; nil at the end.
    case job(StreamJob?)
    /// There is none yet.
    case wait
  }

  /// Whether there is something for the consumer.
  private var isReady: Bool { !outcomes.isEmpty && outcomes[0] != nil }

  /// Whether there is something for the consumer, or the end.
  private var isDue: Bool { isOver || isReady || isExhausted }

  /// Whether everything has been taken.
  private var isExhausted: Bool { isFed && outcomes.isEmpty && pending.isEmpty && running == 0 }

  /// Takes the next outcome.
  /// - Parameter releases: Whether its weight no longer counts from now on.
  mutating func take(releases: Bool, _ effects: inout Effects) -> Next {
    if isOver { return .job(nil) }
    defer { tellFeeder(&effects) }
    if isReady {
      // If the rest of the one before is to be had from some copy of the iterator still, that is its owner's affair.
      releaseHeld()
      firstNumber += 1
      let job = outcomes.popFirst()!!
      heldWeight = job.weight
      if releases { releaseHeld() }
      return .job(job)
    }
    guard isExhausted else { return .wait }
    isOver = true
    return .job(last.take())
  }

  /// Makes the consumer wait.
  /// - Returns: Whether it will be woken. Otherwise there is something for it already.
  mutating func wait(_ continuation: CheckedContinuation<Void, Never>, _ effects: inout Effects) -> Bool {
    require(consumer == nil, "two tasks ask a stream for its next element at once")
    if isDue { return false }
    consumer = continuation
    tellFeeder(&effects)
    return true
  }

  /// Wakes a waiting consumer if there is something for it.
  private mutating func tellConsumer(_ effects: inout Effects) {
    guard let waiting = consumer, isDue else { return }
    consumer = nil
    untoldSince = nil
    effects.wakeConsumer = waiting
  }

  /// Notes that the outcome that was taken last has been returned, and that its weight no longer counts.
  mutating func release(_ effects: inout Effects) {
    releaseHeld()
    tellFeeder(&effects)
  }

  private mutating func releaseHeld() {
    weight -= heldWeight
    heldWeight = 0
  }

  /// Ends the stream: no more of it is wanted.
  mutating func end(_ effects: inout Effects) {
    guard !isOver else { return }
    isOver = true
    effects.discarded = (pending, outcomes, last.take())
    pending = StreamQueue()
    outcomes = StreamQueue()
    tellConsumer(&effects)
    tellFeeder(&effects)
  }
}
