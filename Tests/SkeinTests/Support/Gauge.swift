import Skein
import Synchronization

/// How many are inside at once, and how many were at most.
final class Gauge: Sendable {
  private let current = Atomic(0)
  private let highest = Atomic(0)

  func enter() {
    let count = current.add(1, ordering: .sequentiallyConsistent).newValue
    highest.max(count, ordering: .sequentiallyConsistent)
  }

  func leave() { current.subtract(1, ordering: .sequentiallyConsistent) }

  var now: Int { current.load(ordering: .sequentiallyConsistent) }
  var peak: Int { highest.load(ordering: .sequentiallyConsistent) }
}

/// The iterations of one loop: how many are open at once in all, and on any one thread of the loop's pool.
final class OpenIterations: Sendable {
  private let live = Gauge()
  private let byThread: [Gauge]
  private let total = Counter()

  init(threadCount: Int) { byThread = (0..<threadCount).map { _ in Gauge() } }

  /// Counts `body` as an iteration. The caller is a worker of the loop's pool.
  func run<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
    let thread = byThread[ThreadPool.currentWorkerIndex!]
    live.enter()
    thread.enter()
    total.add()
    defer {
      thread.leave()
      live.leave()
    }
    return try body()
  }

  var peak: Int { live.peak }
  var deepest: Int { byThread.map(\.peak).max()! }
  var count: Int { total.value }
}

/// A number that many threads add to.
final class Counter: Sendable {
  private let number = Atomic(0)

  @discardableResult
  func add(_ amount: Int = 1) -> Int { number.add(amount, ordering: .sequentiallyConsistent).newValue }

  var value: Int { number.load(ordering: .sequentiallyConsistent) }
}

/// Something that becomes true once.
final class Flag: Sendable {
  private let word = Atomic(false)

  func set() { word.store(true, ordering: .sequentiallyConsistent) }
  var isSet: Bool { word.load(ordering: .sequentiallyConsistent) }
}

/// A counter for each of some numbers.
final class Marks: Sendable {
  private let counters: [Counter]

  init(_ count: Int) { counters = (0..<count).map { _ in Counter() } }

  func mark(_ index: Int) { counters[index].add() }
  func count(_ index: Int) -> Int { counters[index].value }
  var everyOnce: Bool { counters.allSatisfy { $0.value == 1 } }
}
