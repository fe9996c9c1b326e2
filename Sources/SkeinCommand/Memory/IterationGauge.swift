import Skein
import Synchronization

/// Counts the iterations of a loop that are begun and unfinished: in all, and stacked on each worker.
final class IterationGauge: Sendable {
  private final class Counter: Sendable {
    let value = Atomic<Int>(0)
  }

  private let limit: Int
  private let alive = Counter()
  private let peak = Counter()
  private let deepest = Counter()
  private let refused = Counter()
  /// One counter for each worker of the outer pool, and a last one for a thread that is no worker.
  private let depths: [Counter]

  /// - Parameter limit: the number of iterations that may be alive at once.
  init(threads: Int, limit: Int) {
    self.limit = limit
    depths = (0...threads).map { _ in Counter() }
  }

  var peakAlive: Int { peak.value.load(ordering: .relaxed) }
  var deepestNesting: Int { deepest.value.load(ordering: .relaxed) }
  var refusedIterations: Int { refused.value.load(ordering: .relaxed) }

  /// Runs one iteration, unless too many are alive already: then it is only counted as refused.
  func iteration(_ body: () -> Void) {
    // All counts are statistics, read after the loop has ended: no access orders any other memory.
    let count = alive.value.add(1, ordering: .relaxed).newValue
    defer { alive.value.subtract(1, ordering: .relaxed) }
    guard count <= limit else {
      refused.value.add(1, ordering: .relaxed)
      return
    }
    peak.value.max(count, ordering: .relaxed)
    // Read before the body, which may not change it: an iteration ends on the thread that began it.
    let depth = depths[min(ThreadPool.currentWorkerIndex ?? depths.count - 1, depths.count - 1)]
    deepest.value.max(depth.value.add(1, ordering: .relaxed).newValue, ordering: .relaxed)
    defer { depth.value.subtract(1, ordering: .relaxed) }
    body()
  }
}
