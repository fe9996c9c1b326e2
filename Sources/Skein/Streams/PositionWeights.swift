public import Synchronization

/// What the positions of a sequence weigh in a stream before their elements have been made. If the limit is a number of
/// positions, each weighs one. If it is the cost of the elements, that is known only later.
@usableFromInline
final class PositionWeights<Element>: Sendable {
  @usableFromInline let limit: StreamLimit<Element>
  /// What a batch may weigh, if that is limited here: see `StreamPace` for numbers of positions.
  @usableFromInline let share: Int
  /// The weight that a position is expected to have.
  @usableFromInline let expected: Atomic<Int>

  /// - Parameter share: The weight of a batch such that the limit leaves each worker several of them.
  @inlinable
  init(_ limit: StreamLimit<Element>, share: Int) {
    self.limit = limit
    self.share = limit.cost == nil ? .max : share
    expected = Atomic(limit.cost == nil ? 1 : share)
  }

  // Relaxed, here and below: it is an estimate. If two threads update it at once, one update is lost.
  @inlinable
  func expected(of count: Int) -> Int { count * expected.load(ordering: .relaxed) }

  /// Returns how many positions there is room for: at least one, which may weigh more.
  @inlinable
  func count(in room: Int) -> Int { max(1, room / expected.load(ordering: .relaxed)) }

  /// Returns how many positions a batch may have: at least one.
  @inlinable
  func countOfBatch(in room: Int) -> Int { count(in: min(room, share)) }

  /// Returns what the elements of a batch weigh, if that was not known before they were made.
  ///
  /// Later positions are expected to be as heavy as the heaviest of late: a heavier batch counts at once, a lighter one
  /// by an eighth. But no more than 64 are begun for each thread, since they may turn out heavier.
  @inlinable
  func measured(_ elements: [Element], from count: Int) -> Int? {
    if limit.cost == nil { return nil }
    // No batch counts for more than 128 TB: so neither this sum nor that of all batches overflows.
    let weight = max(count, elements.reduce(0) { min($0 + limit.weight(of: $1), 1 << 47) })
    let known = expected.load(ordering: .relaxed)
    let each = max(1, share / 16, weight / count)
    expected.store(each > known ? each : known - (known - each) / 8, ordering: .relaxed)
    return weight
  }
}
