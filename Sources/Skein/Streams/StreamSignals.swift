public import Synchronization

/// What the feeder, the runners and the consumer of a stream read without the lock. What is written here is decided under it, but for `freed`, which the
/// consumer adds to, and `lookedAt`.
@usableFromInline
final class StreamSignals: Sendable {
  /// Whether nothing more is to be put in.
  @usableFromInline let isUnwanted = Atomic<Bool>(false)
  /// How many elements may lie there without another runner being called: with one more there is work for it.
  @usableFromInline let enough = Atomic<Int>(0)
  private let padding = CachePadding()

  /// How many elements have been begun, or are about to be.
  @usableFromInline let begun = Atomic<Int>(0)
  /// When a runner last looked up, in ticks.
  @usableFromInline let lookedAt = Atomic<UInt64>(0)
  private let morePadding = CachePadding()

  /// Whether the consumer sleeps.
  @usableFromInline let consumerSleeps = Atomic<Bool>(false)
  /// Whether the consumer wants no more.
  @usableFromInline let isOver = Atomic<Bool>(false)
  private let evenMorePadding = CachePadding()

  /// What outcomes counted for that have been handed on since the feeder last asked.
  @usableFromInline let freed: Atomic<Int>
  /// With how much of that a sleeping feeder is to be woken.
  @usableFromInline let wanted = Atomic<Int>(.max)

  init(limit: Int) { freed = Atomic(limit) }
}
