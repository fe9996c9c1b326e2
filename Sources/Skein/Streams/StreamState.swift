/// The content of a stream's window, and what its feeder and its consumer wait for: a state machine without threads,
/// which `StreamWindow` protects by a lock.
///
/// A *feeder* puts in jobs, made from the elements of the source. *Runners*, on a pool's workers, turn jobs into
/// outcomes. The *consumer* takes the outcomes out. Each job has a weight, as has its outcome. The feeder may put in
/// further jobs only while the total weight is less than the limit.
///
/// Whatever has to be done outside the lock is returned in `Effects`. The machine does not depend on the types of
/// elements, so it is compiled once.
struct StreamState: Sendable {
  /// A job that is pending or running, its sequence number, and its weight until it is done.
  struct Begun: Sendable {
    let job: StreamJob
    let number: Int
    let weight: Int
  }

  /// Wakes a waiting feeder.
  typealias Wake = @Sendable () -> Void

  let limit: Int
  let isOrdered: Bool
  /// The maximum number of runners.
  let width: Int

  /// The jobs that no runner has begun.
  private var pending = StreamQueue<Begun>()
  /// Outcomes that the consumer has not taken. In an ordered stream, each job has a place here from when it is put in,
  /// which is nil until the job is done; otherwise the outcomes are in the order in which they were made.
  private var outcomes = StreamQueue<StreamJob?>()
  /// In an ordered stream, the number of the job that has the first place of `outcomes`.
  private var firstNumber = 0
  private var nextNumber = 0
  private var weight = 0
  /// The weight of the outcome that was taken last, while it still counts; part of `weight`.
  private var heldWeight = 0
  /// The weight of the jobs that are done, and not yet taken; part of `weight`.
  private var doneWeight = 0
  /// The number of runners that have been started and have not ended.
  private var runners = 0
  /// The number of jobs that have been begun and are not done.
  private var running = 0
  /// Whether the source has ended, or nothing more is wanted from it.
  private var isFed = false
  /// The error of the source, which is the outcome after all others.
  private var last: StreamJob?
  /// Whether the consumer has received everything, or wants nothing more.
  private var isOver = false
  /// The consumer, if it waits.
  private var consumer: CheckedContinuation<Void, Never>?
  /// The time at which an outcome became ready for a waiting consumer that has not been woken for it, in ticks.
  private var untoldSince: UInt64?
  /// Whether `look` will be called.
  private var isLookDue = false
  /// The feeder, if it waits.
  private var feeder: (need: Need, wake: Wake)?

  /// The event that a feeder waits for.
  private enum Need: Sendable {
    /// There is room, or no more jobs are wanted.
    case room
    /// All runners have ended.
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
    /// Whether to call `look` in a while.
    var looksLater = false
    /// Jobs and outcomes to destroy. This may run arbitrary code of elements and errors, so it is done outside the
    /// lock.
    var discarded: (StreamQueue<Begun>, StreamQueue<StreamJob?>, last: StreamJob?)?
  }
}

// MARK: - The feeder

extension StreamState {
  /// The answer to a feeder that asks for room.
  enum Room: Sendable {
    /// There is room: the limit leaves this weight.
    case room(Int)
    /// No more jobs are wanted.
    case unwanted
    /// There is no room yet. The feeder will be woken, if it has passed a function for that.
    case wait
  }

  private var isWanted: Bool { !isFed && !isOver }

  /// Returns how much room there is.
  /// - Parameter wake: If the feeder has to wait, called once when it can continue. Without it, the feeder has to ask
  ///   again.
  mutating func askForRoom(_ wake: Wake? = nil) -> Room {
    if !isWanted { return .unwanted }
    if weight < limit { return .room(limit - weight) }
    feeder = wake.map { (.room, $0) }
    return .wait
  }

  /// Puts a job in, unless no more jobs are wanted.
  /// - Returns: Whether the caller must start another runner.
  mutating func put(_ job: StreamJob) -> Bool {
    guard isWanted else { return false }
    weight += job.weight
    if isOrdered { outcomes.append(nil) }
    pending.append(Begun(job: job, number: nextNumber, weight: job.weight))
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

  /// Returns whether all runners have ended. If not, `wake`, unless it is nil, is called when they have.
  mutating func askForRest(_ wake: Wake? = nil) -> Bool {
    if runners == 0 { return true }
    feeder = wake.map { (.rest, $0) }
    return false
  }

  /// Wakes a waiting feeder if the event that it waits for has occurred.
  ///
  /// A feeder that waits for room is woken when half of the limit is free: waking it for less costs more than one
  /// element is worth. It is woken for less if no job is pending, more jobs could be run at once, and no outcome is
  /// ready, since then runners would have no jobs and the consumer would have to wait.
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
  /// Returns the next job for a runner. If it returns nil, there is none, and the runner counts as ended.
  mutating func begin(_ effects: inout Effects) -> Begun? {
    let next = pending.popFirst()
    if next == nil { runners -= 1 } else { running += 1 }
    tellFeeder(&effects)
    return next
  }

  /// Notes that a runner could not be started.
  /// - Returns: Whether the stream has ended.
  mutating func giveUpRunner(_ effects: inout Effects) -> Bool {
    runners -= 1
    tellFeeder(&effects)
    return isOver
  }

  /// The time, in ticks, after which a waiting consumer for which an outcome is ready is woken at the end of a job even
  /// if further jobs are pending: some ten times what a wake-up costs a worker.
  private static var delay: UInt64 { 5 * LoopPace.aim }

  /// Takes the outcome of a job that is done.
  ///
  /// Waking a consumer costs more than a short job. So if jobs are short, and the next one has been put in already, the
  /// consumer is left waiting until several are done: at most half of the limit, so that workers have the other half to
  /// do while the consumer, and then the feeder, wake up. The next job may turn out to be long, and may even wait for
  /// the consumer; so `look` is called later, whatever the runners do.
  /// - Parameters:
  ///   - isLast: Whether no later job is wanted, since this one has thrown an error.
  ///   - time: The time at which the job was done, and how long it took, in ticks.
  mutating func end(_ begun: Begun, isLast: Bool, time: (now: UInt64, taken: UInt64), _ effects: inout Effects) {
    running -= 1
    if isOver { return }
    weight += begun.job.weight - begun.weight
    doneWeight += begun.job.weight
    if isOrdered { outcomes[begun.number - firstNumber] = begun.job } else { outcomes.append(begun.job) }
    if isLast {
      // Jobs begin in order. So all pending jobs are later than this one, and all earlier ones have been begun.
      isFed = true
      effects.discarded = (pending, StreamQueue(), last.take())
      pending = StreamQueue()
    }
    if consumer != nil, isReady {
      let since = untoldSince ?? time.now
      if pending.isEmpty || doneWeight >= limit / 2 || time.taken > StreamState.delay
        || time.now &- since > StreamState.delay
      {
        tellConsumer(&effects)
      } else {
        untoldSince = since
        effects.looksLater = !isLookDue
        isLookDue = true
      }
    }
    tellFeeder(&effects)
  }
}

// MARK: - The consumer

extension StreamState {
  /// The answer to a consumer that asks for the next outcome.
  enum Next: Sendable {
    /// The next outcome; nil at the end.
    case job(StreamJob?)
    /// There is none yet: the consumer has to wait.
    case wait
  }

  /// Whether the next outcome can be taken.
  private var isReady: Bool { !outcomes.isEmpty && outcomes[0] != nil }

  /// Whether a waiting consumer can continue: the next outcome can be taken, or the end has come.
  private var isDue: Bool { isOver || isReady || isExhausted }

  /// Whether the source has ended, and all outcomes except its error have been taken.
  private var isExhausted: Bool { isFed && outcomes.isEmpty && pending.isEmpty && running == 0 }

  /// Takes the next outcome out.
  /// - Parameter releases: Whether its weight no longer counts from now on. Otherwise it counts until `release` is
  ///   called or the outcome after it is taken.
  mutating func take(releases: Bool, _ effects: inout Effects) -> Next {
    if isOver { return .job(nil) }
    defer { tellFeeder(&effects) }
    if isReady {
      // A copy of the iterator may still hold elements of the previous outcome. They no longer count towards the
      // limit: the owner of that copy is responsible for them.
      releaseHeld()
      firstNumber += 1
      let job = outcomes.popFirst()!!
      doneWeight -= job.weight
      heldWeight = job.weight
      if releases { releaseHeld() }
      return .job(job)
    }
    guard isExhausted else { return .wait }
    isOver = true
    return .job(last.take())
  }

  /// Registers a consumer that waits for the next outcome.
  /// - Returns: Whether it will be woken. If not, it can continue at once.
  mutating func wait(_ continuation: CheckedContinuation<Void, Never>, _ effects: inout Effects) -> Bool {
    require(consumer == nil, "two tasks ask a stream for its next element at once")
    if isDue { return false }
    consumer = continuation
    tellFeeder(&effects)
    return true
  }

  /// Wakes a waiting consumer if it can continue.
  private mutating func tellConsumer(_ effects: inout Effects) {
    guard let waiting = consumer, isDue else { return }
    consumer = nil
    untoldSince = nil
    effects.wakeConsumer = waiting
  }

  /// Wakes the consumer if it has been left waiting though it can continue.
  mutating func look(_ effects: inout Effects) {
    isLookDue = false
    tellConsumer(&effects)
  }

  /// Notes that all of the outcome that was taken last has been returned, so that its weight no longer counts.
  mutating func release(_ effects: inout Effects) {
    releaseHeld()
    tellFeeder(&effects)
  }

  private mutating func releaseHeld() {
    weight -= heldWeight
    heldWeight = 0
  }

  /// Ends the stream: neither jobs nor outcomes are wanted any more.
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
