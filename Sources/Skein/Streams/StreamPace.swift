internal import Synchronization

/// The number of elements in a stream's batches: so many that a batch takes some microseconds, which makes the cost of
/// submitting it small in comparison, but so few that the limit leaves each worker several batches.
final class StreamPace: Sendable {
  private let count: Atomic<Int>
  private let least: Int
  private let most: Int
  /// The weight that a batch may have so that the limit leaves each worker several.
  let share: Int

  /// The target duration of a batch, in ticks.
  static var aim: UInt64 { 5 * LoopPace.aim }

  init(limit: Int, width: Int, least: Int = 1, most: Int = .max) {
    share = max(1, limit / (4 * width))
    self.most = max(1, min(most, share))
    self.least = min(least, limit)
    count = Atomic(self.least)
  }

  // Relaxed: it is an estimate. If two threads update it at once, one update is lost.
  var size: Int { count.load(ordering: .relaxed) }

  /// Adapts the size of further batches to the duration of one that had `size` elements.
  func note(_ size: Int, took ticks: UInt64) {
    if ticks < StreamPace.aim / 2, size >= self.size {
      count.store(max(least, min(size * 2, most)), ordering: .relaxed)
    } else if ticks > StreamPace.aim * 2 {
      count.store(max(least, size / 2), ordering: .relaxed)
    }
  }
}
