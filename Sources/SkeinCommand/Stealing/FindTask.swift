import SkeinDeque

/// The next task: an own one, else one of a batch of the injected ones, else the oldest of the first other thread that has any.
///
/// This is all that work stealing takes, written with the deque alone. Returns `nil` only when every place was seen empty
/// without having lost a race.
func findTask(
  _ local: inout WorkStealingDeque<Work>, _ global: InjectionQueue<Work>, _ stealers: [Stealer<Work>],
  _ record: inout FindRecord
) -> Work? {
  if let work = local.pop() {
    record.own += 1
    return work
  }
  while true {
    let injected = global.stealAndPop(into: &local)
    if injected.isSuccess { record.injected += 1 }
    let result = injected.orElse { StealResult.firstSuccess(of: stealers.lazy.map { $0.steal() }) }
    if !result.isRetry {
      if result.isSuccess, !injected.isSuccess { record.stolen += 1 }
      return result.element
    }
    record.retries += 1
  }
}

/// Where one thread has found its tasks, and how often it lost a race for one.
struct FindRecord: Sendable {
  var own = 0
  var stolen = 0
  var injected = 0
  var retries = 0
}

/// A way of one thread to its next task.
protocol TaskFinder: Sendable {
  var record: FindRecord { get }
  mutating func next(_ local: inout WorkStealingDeque<Work>) -> Work?
}

/// The plain function above.
struct PlainFinder: TaskFinder {
  let global: InjectionQueue<Work>
  let others: [Stealer<Work>]
  private(set) var record = FindRecord()

  init(global: InjectionQueue<Work>, others: [Stealer<Work>]) {
    self.global = global
    self.others = others
  }

  mutating func next(_ local: inout WorkStealingDeque<Work>) -> Work? {
    findTask(&local, global, others, &record)
  }
}

/// The library's thief with one of its strategies.
struct StrategyFinder<Strategy: StealingStrategy>: TaskFinder {
  let global: InjectionQueue<Work>
  private var thief: Thief<Work, Strategy>

  init(global: InjectionQueue<Work>, worker: Int, stealers: [Stealer<Work>], strategy: Strategy) {
    self.global = global
    thief = Thief(worker: worker, victims: stealers, strategy: strategy)
  }

  var record: FindRecord {
    let recorder = thief.recorder
    return FindRecord(
      own: recorder.ownTasks, stolen: recorder.steals, injected: recorder.injection.successes,
      retries: recorder.retries)
  }

  mutating func next(_ local: inout WorkStealingDeque<Work>) -> Work? {
    thief.next(from: &local, or: global)
  }
}
