internal import Synchronization

/// The number of elements in a stream's batches: as many as take some microseconds, so that submitting a batch costs
/// little in comparison, but few enough to leave each worker several batches within the limit.
final class StreamPace: Sendable {
  private let count: Atomic<Int>
  private let least: Int
  private let most: Int

  /// The target duration of a batch, in ticks.
  static var aim: UInt64 { 5 * LoopPace.aim }

  init(limit: Int, width: Int, least: Int = 1, most: Int = .max) {
    self.most = max(1, min(most, limit / (4 * width)))
    self.least = min(least, limit)
    count = Atomic(self.least)
  }

  // Relaxed: an estimate. Two threads that update it at once overwrite each other.
  var size: Int { count.load(ordering: .relaxed) }

  /// Adapts to a batch's duration.
  func note(_ size: Int, took ticks: UInt64) {
    if ticks < StreamPace.aim / 2, size >= self.size {
      count.store(max(least, min(size * 2, most)), ordering: .relaxed)
    } else if ticks > StreamPace.aim * 2 {
      count.store(max(least, size / 2), ordering: .relaxed)
    }
  }
}
