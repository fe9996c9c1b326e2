import Synchronization

/// How many iterations are open, and the most that ever were at once.
final class LiveCount: Sendable {
  private let live = Atomic<Int>(0)
  private let peak = Atomic<Int>(0)

  func enter() {
    let now = live.add(1, ordering: .relaxed).newValue
    peak.max(now, ordering: .relaxed)
  }

  func leave() { live.subtract(1, ordering: .relaxed) }

  var most: Int { peak.load(ordering: .relaxed) }
}
