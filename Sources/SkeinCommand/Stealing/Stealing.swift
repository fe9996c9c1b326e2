/// Runs one workload under every strategy and checks each run against a plain loop.
func runStrategies(
  _ workload: Workload, threads: Int, afterEach: () -> Void = {}
) -> [StealingRun] {
  let (expected, sequentialSeconds) = timed {
    (0..<workload.taskCount).reduce(UInt64(0)) { $0 &+ workload.result(of: $1) }
  }
  afterEach()
  return VictimOrder.allCases.map { order in
    let (records, seconds) = timed { runScheduler(workload, threads: threads, order: order) }
    afterEach()
    let (missing, repeated) = misfits(in: records, taskCount: workload.taskCount)
    return StealingRun(
      shape: workload.shape, order: order,
      threads: records.map {
        .init(
          run: $0.tasks.count, own: $0.own, stolen: $0.stolen, injected: $0.injected, retries: $0.retries,
          cost: $0.cost)
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
