import Dispatch
import Synchronization

/// Lets one thread wait until something has happened a number of times.
final class Countdown: Sendable {
  private let rest: Atomic<Int>
  private let isDone = DispatchSemaphore(value: 0)

  init(_ count: Int) { rest = Atomic(count) }

  func countDown() {
    if rest.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { isDone.signal() }
  }

  func wait() { isDone.wait() }
}
