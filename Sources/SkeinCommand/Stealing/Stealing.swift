/// Runs one workload under every strategy and checks each run against a plain loop.
func runStrategies(
  _ workload: Workload, threads: Int, afterEach: () -> Void = {}
) -> [StealingRun] {
  let (expected, sequentialSeconds) = timed {
    (0..<workload.taskCount).reduce(UInt64(0)) { $0 &+ workload.result(of: $1) }
  }
  afterEach()
  return Strategy.allCases.map { strategy in
    let (records, seconds) = timed { runScheduler(workload, threads: threads, by: strategy) }
    afterEach()
    let (missing, repeated) = misfits(in: records, taskCount: workload.taskCount)
    return StealingRun(
      shape: workload.shape, strategy: strategy,
      threads: records.map {
        .init(
          run: $0.tasks.count, own: $0.found.own, stolen: $0.found.stolen, injected: $0.found.injected,
          retries: $0.found.retries, cost: $0.cost)
      },
      seconds: seconds, sequentialSeconds: sequentialSeconds, missing: missing, repeated: repeated,
      isSumRight: records.reduce(UInt64(0)) { $0 &+ $1.sum } == expected)
  }
}

/// How many of the tasks nobody ran, and how many runs were of a task that had been run before.
func misfits(in records: [ThreadRecord], taskCount: Int) -> (missing: Int, repeated: Int) {
  var hasRun = [Bool](repeating: false, count: taskCount)
  var repeated = 0
  for task in records.lazy.flatMap(\.tasks) {
    if hasRun[task] { repeated += 1 }
    hasRun[task] = true
  }
  return (hasRun.count { !$0 }, repeated)
}
