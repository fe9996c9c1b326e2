extension ThreadPool {
  /// What a pool has done so far. See `ThreadPool.statistics()`.
  public struct Statistics: Sendable, Equatable {
    /// The counts of each worker, by its index.
    public var workers: [Worker]
    /// The sums (for high-water marks, the maxima) of all workers' counts, spare threads and guests included.
    public var total: Worker

    /// The counts of one worker.
    public struct Worker: Sendable, Equatable {
      /// Jobs that this worker took from others' deques, and times that it took jobs of Swift's tasks from another's queue.
      public var stolenJobs = 0
      /// Attempts to steal that lost a race against another thread.
      public var lostRaces = 0
      /// Tasks of scopes that this worker ran.
      public var scopeTasks = 0
      /// Calls from outside, detached closures and shares of `onEachThread` that this worker ran.
      public var submissions = 0
      /// Jobs, stretches from one suspension to the next, that this worker ran of tasks that prefer the pool as their
      /// executor.
      public var taskJobs = 0
      /// How often this worker gave part of a loop away.
      public var splits = 0
      /// Pieces of work that this worker ran while it waited for something.
      public var helpedWhileWaiting = 0
      /// How long this worker waited with nothing to do that it may run, roughly (by the processor's own counter).
      public var idleWhileWaiting = Duration.zero
      /// How often this worker went to sleep.
      public var sleeps = 0
      /// High-water mark: the number of pieces of stolen or submitted work on this worker's stack at once. Under
      /// `.ownWork` it is bounded by the program's own nesting; under `.anyWork` it shows how far unrelated work has
      /// piled up.
      public var deepestStack = 0
      /// High-water mark: the number of iterations of the same loop open on this worker's stack at once. More than one
      /// only under `.anyWork`.
      public var mostIterationsOfOneLoop = 0
    }
  }

  /// Returns what this pool has done so far: a snapshot, taken worker by worker while they work.
  /// - Complexity: O(*threads*).
  public func statistics() -> Statistics {
    let workers = core.workers.map { $0.statistics }
    let spares = (0..<core.spares.count).map { core.spares[$0].statistics }
    var total = Statistics.Worker()
    for worker in workers + spares {
      total.stolenJobs += worker.stolenJobs
      total.lostRaces += worker.lostRaces
      total.scopeTasks += worker.scopeTasks
      total.submissions += worker.submissions
      total.taskJobs += worker.taskJobs
      total.splits += worker.splits
      total.helpedWhileWaiting += worker.helpedWhileWaiting
      total.idleWhileWaiting += worker.idleWhileWaiting
      total.sleeps += worker.sleeps
      total.deepestStack = max(total.deepestStack, worker.deepestStack)
      total.mostIterationsOfOneLoop = max(total.mostIterationsOfOneLoop, worker.mostIterationsOfOneLoop)
    }
    return Statistics(workers: workers, total: total)
  }
}

extension WorkerReference {
  fileprivate var statistics: ThreadPool.Statistics.Worker {
    func read(_ counter: borrowing Counter) -> Int { Int(clamping: counter.current) }
    var worker = ThreadPool.Statistics.Worker()
    worker.stolenJobs = read(state.counters.stolen)
    worker.lostRaces = read(state.counters.failedSteals)
    worker.scopeTasks = read(state.counters.scopeTasks)
    worker.submissions = read(state.counters.submissions)
    worker.taskJobs = read(state.counters.jobs)
    worker.splits = read(state.counters.splits)
    worker.helpedWhileWaiting = read(state.counters.helped)
    worker.idleWhileWaiting = .nanoseconds(read(state.counters.waitingTicks))
    worker.sleeps = read(state.counters.sleeps)
    worker.deepestStack = read(state.counters.deepestStack)
    worker.mostIterationsOfOneLoop = read(state.counters.openIterations)
    return worker
  }
}
