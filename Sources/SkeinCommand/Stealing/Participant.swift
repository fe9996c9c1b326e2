import SkeinDeque

/// One thread of the scheduler: what it needs to find tasks, and what it has done.
struct Participant: ~Copyable {
  var local: WorkStealingDeque<Work>
  let global: InjectionQueue<Work>
  let stealers: [Stealer<Work>]
  let order: VictimOrder
  var seed: UInt64
  private(set) var record = ThreadRecord()

  init(
    local: consuming WorkStealingDeque<Work>, global: InjectionQueue<Work>, stealers: [Stealer<Work>],
    order: VictimOrder, seed: UInt64
  ) {
    self.local = local
    self.global = global
    self.stealers = stealers
    self.order = order
    self.seed = seed
  }

  /// The next task: the youngest of its own, else a batch of the injected ones, else the oldest of somebody else's.
  ///
  /// Returns `nil` only when every place was seen empty without having lost a race.
  mutating func findTask() -> Work? {
    if let work = local.pop() {
      record.own += 1
      return work
    }
    while true {
      let injected = global.stealAndPop(into: &local)
      let wasInjected = injected.isSuccess
      let result = injected.orElse { order.steal(from: stealers, seed: &seed) }
      guard result.isRetry else {
        let work = result.element
        if work != nil {
          if wasInjected { record.injected += 1 } else { record.stolen += 1 }
        }
        return work
      }
      record.retries += 1
    }
  }

  /// Runs one task and makes its two children available to the other threads.
  mutating func run(_ work: Work, of workload: Workload) {
    let task = work.range.lowerBound
    let rest = work.range.dropFirst()
    let middle = rest.startIndex + rest.count / 2
    for half in [rest[middle...], rest[..<middle]] where !half.isEmpty {
      local.push(Work(range: half.startIndex..<half.endIndex))
    }
    record.tasks.append(task)
    record.cost += workload.cost(of: task)
    record.sum &+= workload.result(of: task)
  }

  consuming func finished() -> ThreadRecord {
    record
  }
}

/// What one thread did.
struct ThreadRecord: Sendable {
  /// The numbers of the tasks in the order in which they were run.
  var tasks: [Int] = []
  var cost = 0
  var sum: UInt64 = 0
  var own = 0
  var stolen = 0
  var injected = 0
  var retries = 0
}
