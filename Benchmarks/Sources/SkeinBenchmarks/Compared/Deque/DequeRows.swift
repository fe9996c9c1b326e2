import SkeinDeque

// The same work as in `Peers/rust/src/bin/deque.rs`, loop by loop. Answers are sums of all elements taken, so that a lost or
// doubled element shows.

extension Row {
  static let deque: [Row] = owner + thieves + batches + injection
}

/// What a row of this benchmark does for each order of the owner's.
func rows(_ name: String, _ run: @escaping @Sendable (RowRun, DequeOrder) throws -> Void) -> [Row] {
  DequeOrder.allCases.map { order in Row("\(name)-\(order)") { try run($0, order) } }
}

extension StealResult where Element == Int {
  /// What the loops of thieves do with an answer: add it, try again, or let others run.
  @inline(__always)
  func add(to sum: inout Int) -> Bool {
    switch self {
    case .success(let element):
      sum &+= element
      return true
    case .retry: return true
    case .empty: return false
    }
  }
}
