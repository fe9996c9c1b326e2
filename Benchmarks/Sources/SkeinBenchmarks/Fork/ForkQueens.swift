import Skein

// Forks in a search tree: all ways to put n queens on a board, a fork for each placement, no cutoff.
// Goal: two threads beat the plain search, although a placement is some ten nanoseconds of work.

/// The state of a search, as bits: what the queens so far attack in the next row, and where the next one may stand.
struct Queens {
  var columns: UInt32
  var left: UInt32
  var right: UInt32
  let all: UInt32

  init(_ n: Int) {
    all = 1 << UInt32(n) - 1
    (columns, left, right) = (0, 0, 0)
  }

  var free: UInt32 { all & ~(columns | left | right) }
  var isComplete: Bool { columns == all }

  func placing(_ queen: UInt32) -> Queens {
    var next = self
    next.columns |= queen
    next.left = (left | queen) << 1
    next.right = (right | queen) >> 1
    return next
  }

  /// The number of placements that the search visits.
  func placements() -> Int {
    var count = 0
    var rest = free
    while rest != 0 {
      let queen = rest & (0 &- rest)
      rest ^= queen
      count += 1 + placing(queen).placements()
    }
    return count
  }

  @inline(never)
  func solutions() -> Int {
    if isComplete { return 1 }
    var count = 0
    var rest = free
    while rest != 0 {
      let queen = rest & (0 &- rest)
      rest ^= queen
      count += placing(queen).solutions()
    }
    return count
  }

  /// Solutions with the next queen at one of the places in `rest`.
  @inline(never)
  func forkedSolutions(_ rest: UInt32) -> Int {
    if isComplete { return 1 }
    if rest == 0 { return 0 }
    let queen = rest & (0 &- rest)
    let others = rest ^ queen
    let next = placing(queen)
    if others == 0 { return next.forkedSolutions(next.free) }
    let (a, b) = join {
      next.forkedSolutions(next.free)
    } and: {
      forkedSolutions(others)
    }
    return a + b
  }
}

extension Benchmark {
  static let forkQueens = Benchmark(
    name: "fork-queens",
    summary: "Counts the solutions of the n-queens problem with a fork for each placement, no cutoff.",
    goal: "two threads beat the plain search"
  ) { report in
    let board = Queens(report.options.divisor == 1 ? 12 : 9)
    let placements = board.placements()
    try report.withPools { report, pools in
      var variants = [Variant("plain search") { opaque(board).solutions() }]
      for pool in pools {
        variants.append(Variant("join, \(pool.label)") { pool.run { board.forkedSolutions(opaque(board.free)) } })
      }
      try report.compare("\(placements) placements", items: placements, per: "placement", variants)
    }
  }
}
