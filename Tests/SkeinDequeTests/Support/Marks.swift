import Synchronization

/// A counter for each of a range of numbers, for many threads.
final class Marks: Sendable {
  private let shards: [Counter]
  private final class Counter: Sendable {
    let value = Atomic(0)
  }

  init(_ count: Int) { shards = (0..<count).map { _ in Counter() } }

  func mark(_ number: Int) { shards[number].value.add(1, ordering: .relaxed) }
  func count(_ number: Int) -> Int { shards[number].value.load(ordering: .relaxed) }
  var everyOnce: Bool { shards.allSatisfy { $0.value.load(ordering: .relaxed) == 1 } }
  var everyAtLeastOnce: Bool { shards.allSatisfy { $0.value.load(ordering: .relaxed) > 0 } }
  var total: Int { shards.reduce(0) { $0 + $1.value.load(ordering: .relaxed) } }
}
