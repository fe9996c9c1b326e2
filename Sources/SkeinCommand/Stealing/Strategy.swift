import SkeinDeque

/// Whom a thread that has run out of tasks asks first, and how much it takes.
enum Strategy: String, Codable, CaseIterable {
  case inOrder, randomStart, roundRobin, lastSuccess, longestFirst

  var description: String {
    switch self {
    case .inOrder: "in order"
    case .randomStart: "random start"
    case .roundRobin: "round robin"
    case .lastSuccess: "last success"
    case .longestFirst: "longest first"
    }
  }

  /// What it takes of the tasks that it finds.
  var amount: String {
    switch self {
    case .inOrder: "one"
    case .randomStart, .roundRobin, .lastSuccess: "a batch"
    case .longestFirst: "half"
    }
  }
}

/// Runs every task of the workload once, by one of the strategies, and returns what each thread did.
func runScheduler(_ workload: Workload, threads: Int, by strategy: Strategy) -> [ThreadRecord] {
  switch strategy {
  case .inOrder:
    runThreads(workload, threads: threads) { worker, stealers, global in
      var others = stealers
      others.remove(at: worker)
      return PlainFinder(global: global, others: others)
    }
  case .randomStart:
    runThreads(workload, threads: threads) { worker, stealers, global in
      StrategyFinder(
        global: global, worker: worker, stealers: stealers, strategy: RandomStart(seed: UInt64(worker) + 1))
    }
  case .roundRobin:
    runThreads(workload, threads: threads) { worker, stealers, global in
      StrategyFinder(
        global: global, worker: worker, stealers: stealers, strategy: RoundRobin(startingAt: worker + 1))
    }
  case .lastSuccess:
    runThreads(workload, threads: threads) { worker, stealers, global in
      StrategyFinder(
        global: global, worker: worker, stealers: stealers, strategy: LastSuccess(startingAt: worker + 1))
    }
  case .longestFirst:
    runThreads(workload, threads: threads) { worker, stealers, global in
      StrategyFinder(global: global, worker: worker, stealers: stealers, strategy: LongestFirst())
    }
  }
}
