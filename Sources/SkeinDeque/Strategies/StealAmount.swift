/// How much a thief takes from a victim at once.
public enum StealAmount: Sendable, Hashable {
  /// One element: for few, large tasks, and for fork and join, where the oldest task represents half of the work.
  case one
  /// Half of the victim's elements, however many there are.
  case half
  /// Half of the victim's elements, but no more than `limit`, and nothing if it has fewer than `minimum`.
  case batch(upTo: Int = 32, ifAtLeast: Int = 1)

  var limit: Int {
    switch self {
    case .one: 1
    case .half: .max
    case .batch(let limit, _): limit
    }
  }

  var minimum: Int {
    switch self {
    case .one, .half: 1
    case .batch(_, let minimum): minimum
    }
  }
}
