internal import Synchronization

/// How many elements a stream's batches have: as many as take some microseconds, so that handing them on costs little beside them, and no
/// more than leave each worker a batch within the limit while others wait on either side of it.
@usableFromInline
final class StreamPace: Sendable {
  private let count: Atomic<Int>
  private let least: Int
  private let most: Int

  /// How long a batch should take, in ticks.
  static var aim: UInt64 { 5 * LoopPace.aim }

  init(limit: Int, width: Int, least: Int = 1, most: Int = .max) {
    self.most = max(1, min(most, limit / (width + 2)))
    self.least = min(least, limit)
    count = Atomic(self.least)
  }

  // Relaxed: a guess. Two that learn at once overwrite each other.
  var size: Int { count.load(ordering: .relaxed) }

  /// Learns from a batch.
  func note(_ size: Int, took ticks: UInt64) {
    if ticks < StreamPace.aim / 2, size >= self.size {
      count.store(max(least, min(size * 2, most)), ordering: .relaxed)
    } else if ticks > StreamPace.aim * 2 {
      count.store(max(least, size / 2), ordering: .relaxed)
    }
  }
}
