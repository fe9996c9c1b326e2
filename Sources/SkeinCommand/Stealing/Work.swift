/// One task: run the first number of the range, then make two tasks of the rest.
struct Work: Sendable {
  var range: Range<Int>
}

/// A set of numbered tasks: how they are handed out at first, and what each costs.
struct Workload: Sendable {
  enum Shape: String, Codable, CaseIterable {
    /// Trees of one size, tasks of one cost.
    case even
    /// Each tree is half the size of the one before, and one task in 64 costs fifty times as much as the others.
    case skewed
  }

  static let rootCount = 64

  var shape: Shape
  var taskCount: Int

  /// The tasks that are there at the start; together they lead to every number once.
  var roots: [Work] {
    var roots: [Work] = []
    var start = 0
    for index in 0..<Self.rootCount where start < taskCount {
      let left = taskCount - start
      let count =
        switch shape {
        case .even: left / (Self.rootCount - index)
        case .skewed: index == Self.rootCount - 1 ? left : max(left / 2, 1)
        }
      if count > 0 {
        roots.append(Work(range: start..<start + count))
      }
      start += count
    }
    return roots
  }

  /// The rounds of arithmetic that one task takes.
  func cost(of task: Int) -> Int {
    switch shape {
    case .even: 400
    case .skewed: task.isMultiple(of: 64) ? 11_250 : 225
    }
  }

  /// Does the arithmetic of one task; the result depends on the task alone.
  func result(of task: Int) -> UInt64 {
    var state = UInt64(truncatingIfNeeded: task)
    for _ in 0..<cost(of: task) {
      state = scrambled(state)
    }
    return state
  }
}

/// One round of the SplitMix64 generator (Steele, Lea, Flood 2014).
func scrambled(_ state: UInt64) -> UInt64 {
  var z = state &+ 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
