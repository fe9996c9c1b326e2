import SkeinDeque

/// One thread of the scheduler: its deque, its way to tasks, and what it has done.
struct Participant<Finder: TaskFinder>: ~Copyable {
  private var local: WorkStealingDeque<Work>
  private var finder: Finder
  private var record = ThreadRecord()

  init(local: consuming WorkStealingDeque<Work>, finder: Finder) {
    self.local = local
    self.finder = finder
  }

  mutating func findTask() -> Work? {
    finder.next(&local)
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
    record.found = finder.record
    return record
  }
}

/// What one thread did.
struct ThreadRecord: Sendable {
  /// The numbers of the tasks in the order in which they were run.
  var tasks: [Int] = []
  var cost = 0
  var sum: UInt64 = 0
  var found = FindRecord()
}
