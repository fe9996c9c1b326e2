import Skein
import Synchronization

/// The reference program: a loop whose every iteration fills a vector and has a pool of one thread sum it.
///
/// The outer worker waits for the inner pool. What it may take up meanwhile is the wait policy, and decides how many vectors
/// are alive at once.
func runReferenceProgram(_ row: MemoryRow, progress: ProgressBar? = nil) throws -> MemoryResult {
  var configuration = ThreadPool.Configuration(threadCount: row.threads, waitPolicy: row.policy.waitPolicy)
  if row.policy == .anyWork {
    // Iterations nest on the stack of the worker that waits: room for all of them.
    configuration.stackSize = 256 << 20
  }
  let outer = try ThreadPool(configuration)
  let pool = try ThreadPool(threadCount: 1)
  let gauge = IterationGauge(threads: row.threads, limit: row.liveByteLimit / row.vectorBytes)
  let total = Mutex(0.0)
  let body: @Sendable (Int) -> Void = { _ in
    gauge.iteration {
      let values = [Double](repeating: 1, count: row.vectorCount)
      let sum = pool.run { values.parallel.sum() }
      total.withLock { $0 += sum }
    }
    progress?.advance()
  }
  let (_, seconds) = timed {
    outer.run {
      switch row.splitting {
      case .onDemand: (0..<row.iterations).parallel.forEach(body)
      case .minimumBatch: (0..<row.iterations).parallel(minimumBatch: Splitting.batch).forEach(body)
      case .inBlocks: (0..<row.iterations).parallel.inBlocks(ofCount: Splitting.batch).forEach(body)
      }
    }
  }
  outer.shutdown()
  pool.shutdown()
  return MemoryResult(
    row: row, total: total.withLock { $0 }, peakAlive: gauge.peakAlive, deepestNesting: gauge.deepestNesting,
    refusedIterations: gauge.refusedIterations, initialResidentBytes: nil, peakResidentBytes: nil, seconds: seconds)
}
