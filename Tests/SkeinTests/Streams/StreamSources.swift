import Skein
import Synchronization

/// An asynchronous source of numbers that says how far it has been pulled, suspends now and then, and may end in an error.
struct TestSource<Failure: Error>: AsyncSequence, Sendable {
  let count: Int
  /// The error after the last number.
  var error: Failure?
  /// How many have been pulled.
  let pulled = Counter()
  /// How many iterators there are.
  let iterators = Gauge()
  /// Before which numbers it suspends.
  var suspends: @Sendable (Int) -> Bool = { _ in false }

  struct AsyncIterator: AsyncIteratorProtocol {
    let source: TestSource
    let lease: Lease
    var position = 0

    mutating func next() async throws(Failure) -> Int? { try await next(isolation: nil) }

    mutating func next(isolation actor: isolated (any Actor)?) async throws(Failure) -> Int? {
      if source.suspends(position) { await Task.yield() }
      if position == source.count {
        if let error = source.error { throw error }
        return nil
      }
      defer { position += 1 }
      source.pulled.add()
      return position
    }
  }

  func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: self, lease: Lease(iterators)) }
}

/// Is counted by a gauge as long as it is there.
final class Lease: Sendable {
  let gauge: Gauge
  init(_ gauge: Gauge) {
    self.gauge = gauge
    gauge.enter()
  }
  deinit { gauge.leave() }
}

/// Waits, without blocking a thread for long, until a condition holds; says whether it came to hold in time. It looks many times, however long a
/// turn on Swift's threads is in coming: what it waits for may need turns, too.
func eventuallyAsync(within limit: Duration = .seconds(20), _ condition: () -> Bool) async -> Bool {
  let start = ContinuousClock.now
  var looks = 0
  while !condition() {
    looks += 1
    if looks > 1000, ContinuousClock.now - start > limit { return condition() }
    try? await Task.sleep(for: .microseconds(100))
  }
  return true
}

/// Takes a random time: mostly none, sometimes some microseconds, now and then a sleep.
func dawdle(_ seed: UInt64, _ position: Int) {
  var random = SeededGenerator(seed: seed &+ UInt64(truncatingIfNeeded: position) &* 77)
  switch random.next() % 64 {
  case 0: sleep(for: .microseconds(100))
  case 1...8: spin(for: .microseconds(5))
  case 9...12: yieldThread()
  default: break
  }
}
