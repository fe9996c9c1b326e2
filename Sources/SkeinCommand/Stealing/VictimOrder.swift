import SkeinDeque

/// Whom a thread that has run out of tasks asks first.
enum VictimOrder: String, Codable, CaseIterable {
  case inOrder, randomStart, longestFirst

  var description: String {
    switch self {
    case .inOrder: "first success in order"
    case .randomStart: "random start"
    case .longestFirst: "longest first"
    }
  }

  /// One attempt at every victim, up to the first that has a task to give.
  func steal(from stealers: [Stealer<Work>], seed: inout UInt64) -> StealResult<Work> {
    switch self {
    case .inOrder:
      return .firstSuccess(of: stealers.lazy.map { $0.steal() })
    case .randomStart:
      guard !stealers.isEmpty else { return .empty }
      seed = scrambled(seed)
      let start = Int(seed % UInt64(stealers.count))
      let order = [stealers[start...], stealers[..<start]].joined()
      return .firstSuccess(of: order.lazy.map { $0.steal() })
    case .longestFirst:
      // The counts change while they are compared: sort by what each was when it was read.
      let order = stealers.map { (count: $0.approximateCount, stealer: $0) }.sorted { $0.count > $1.count }
      return .firstSuccess(of: order.lazy.map { $0.stealer.steal() })
    }
  }
}
