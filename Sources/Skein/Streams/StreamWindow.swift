internal import Synchronization

/// The window of a stream: the jobs and outcomes between its source and its consumer, and the runners that do the jobs
/// in a pool.
///
/// Runners are calls into the pool, like those of an asynchronous `run`, so they start on workers that wait for
/// nothing. Each does jobs, in order, until there are none. A runner does not block for lack of jobs or of room: it
/// ends, and another is started later. So a slow consumer costs the pool nothing.
final class StreamWindow: Sendable {
  private let state: Mutex<StreamState>
  let pool: ThreadPool
  /// Does a job, and returns whether no later job is wanted, since this one has thrown an error.
  private let work: @Sendable (StreamJob) -> Bool
  /// The context of the runners. `ThreadPool.isCancelled` and loops in a job find out from it that the stream has
  /// ended.
  private let context = RunContext(parent: nil, blocked: nil, cancellation: Cancellation())

  /// How long a runner keeps its worker before it ends, and starts another runner, so that the worker can do other
  /// work; in ticks.
  private static var patience: UInt64 { 50 * LoopPace.aim }

  init(
    limit: Int, isOrdered: Bool, pool: ThreadPool, width: Int,
    _ work: @escaping @Sendable (StreamJob) -> Bool
  ) {
    state = Mutex(StreamState(limit: limit, isOrdered: isOrdered, width: width))
    self.pool = pool
    self.work = work
  }

  /// Changes the state, and then carries out the effects.
  private func change<Result: Sendable>(_ body: (inout StreamState, inout StreamState.Effects) -> Result) -> Result {
    var effects = StreamState.Effects()
    let result = state.withLock { body(&$0, &effects) }
    effects.wakeConsumer?.resume()
    effects.wakeFeeder?()
    if effects.looksLater { lookLater() }
    return result
  }

  /// Looks after a waiting consumer in a millisecond: the longest time that a result is kept from it to save wake-ups.
  ///
  /// At most one task is started in that time, so it costs little beside the wake-ups that it makes unnecessary.
  private func lookLater() {
    Task.detached { [weak self] in
      try? await Task.sleep(for: .milliseconds(1))
      self?.change { $0.look(&$1) }
    }
  }
}

// MARK: - Runners

extension StreamWindow {
  /// Starts a runner, which the state counts already.
  /// - Parameter values: The task-local values that the jobs are to see. The feeder keeps them until all runners have
  ///   ended.
  private func startRunner(_ values: TaskLocalValues) {
    let (isAccepted, isOver) = pool.core.lifecycle.acceptIfOpen(
      isPartOfAcceptedWork: pool.core.isCalledByAcceptedWork)
    if isOver { pool.core.wakeEverybody() }
    guard isAccepted else {
      // If the stream has ended since its job was put in, the pool may have been shut down as well.
      if change({ $0.giveUpRunner(&$1) }) { return }
      fatal("work was submitted to a thread pool after its shut-down")
    }
    pool.core.inject(
      Submission(.owned { self.run(values) }, caller: .closure {}, context: context, values: values))
  }

  private func run(_ values: TaskLocalValues) {
    let began = ticks()
    var last = began
    var next = change { $0.begin(&$1) }
    while let begun = next {
      let isLast = work(begun.job)
      let now = ticks()
      let taken = now &- last
      last = now
      let isPatient = now &- began < StreamWindow.patience
      next = change { state, effects in
        state.end(begun, isLast: isLast, time: (now, taken), &effects)
        return isPatient ? state.begin(&effects) : nil
      }
      if !isPatient { startRunner(values) }
    }
  }
}

// MARK: - The feeder

extension StreamWindow {
  /// Puts a job in, unless no more jobs are wanted.
  func put(_ job: StreamJob, _ values: TaskLocalValues) {
    if change({ state, _ in state.put(job) }) { startRunner(values) }
  }

  /// Notes that the source has ended.
  /// - Parameter error: The source's error, if it has thrown one; it is the outcome after all others.
  func finish(with error: StreamJob? = nil) { change { $0.finish(with: error, &$1) } }

  /// Returns how much room there is.
  /// - Parameter wake: If the feeder has to wait, called once when it can continue.
  func askForRoom(_ wake: @escaping StreamState.Wake) -> StreamState.Room {
    change { state, _ in state.askForRoom(wake) }
  }

  /// Returns whether all runners have ended.
  /// - Parameter wake: If they have not, called once when they have.
  func askForRest(_ wake: @escaping StreamState.Wake) -> Bool { change { state, _ in state.askForRest(wake) } }

  /// Suspends the feeder until there is room.
  /// - Returns: The weight that the limit leaves; nil if no more jobs are wanted.
  func room() async -> Int? {
    while true {
      switch change({ state, _ in state.askForRoom() }) {
      case .room(let room): return room
      case .unwanted: return nil
      case .wait: break
      }
      await withCheckedContinuation { continuation in
        if case .wait = askForRoom({ continuation.resume() }) { return }
        continuation.resume()
      }
    }
  }

  /// Suspends the feeder until all runners have ended.
  func rest() async {
    while !change({ state, _ in state.askForRest() }) {
      await withCheckedContinuation { continuation in
        if askForRest({ continuation.resume() }) { continuation.resume() }
      }
    }
  }
}

// MARK: - The consumer

extension StreamWindow {
  /// Returns the next outcome; nil at the end.
  /// - Parameter releases: Whether its weight no longer counts from now on. Otherwise it counts until `release` is
  ///   called or the outcome after it is taken.
  func next(releases: Bool, isolation actor: isolated (any Actor)? = #isolation) async -> StreamJob? {
    while true {
      if case .job(let job) = change({ $0.take(releases: releases, &$1) }) { return job }
      await withCheckedContinuation(isolation: actor) { continuation in
        if !change({ $0.wait(continuation, &$1) }) { continuation.resume() }
      }
    }
  }

  /// Notes that all of the outcome that was taken last has been returned.
  func release() { change { $0.release(&$1) } }

  /// Ends the stream. Jobs that have not been begun are destroyed; those that are running are cancelled.
  func end() {
    context.cancellation?.cancel()
    change { $0.end(&$1) }
  }
}
