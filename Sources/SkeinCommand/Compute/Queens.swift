import Skein

/// The number of ways to place as many queens as a board has rows, so that none attacks another.
struct Queens: Sendable {
  var side: Int

  /// A board with queens on its first rows: one bit for each column that is taken in the next row.
  struct Board: Sendable {
    let all: UInt32
    var columns: UInt32 = 0
    var left: UInt32 = 0
    var right: UInt32 = 0

    init(side: Int) {
      all = (1 << UInt32(side)) - 1
    }

    var isComplete: Bool { columns == all }
    var free: UInt32 { all & ~(columns | left | right) }

    func placing(_ queen: UInt32) -> Board {
      var board = self
      board.columns |= queen
      board.left = (left | queen) << 1
      board.right = (right | queen) >> 1
      return board
    }

    /// The boards with a queen in one more row.
    var successors: [Board] {
      var boards: [Board] = []
      var free = free
      while free != 0 {
        let queen = free & (~free &+ 1)
        free ^= queen
        boards.append(placing(queen))
      }
      return boards
    }
  }

  /// Counts the ways to complete a board, one after another.
  static func solutions(_ board: Board) -> Int {
    if board.isComplete { return 1 }
    var free = board.free
    var count = 0
    while free != 0 {
      let queen = free & (~free &+ 1)
      free ^= queen
      count += solutions(board.placing(queen))
    }
    return count
  }

  /// Counts the ways to complete a board with a fork at every choice: the first free column, and all the others.
  static func forkedSolutions(_ board: Board) -> Int {
    board.isComplete ? 1 : forkedSolutions(board, among: board.free)
  }

  private static func forkedSolutions(_ board: Board, among free: UInt32) -> Int {
    guard free != 0 else { return 0 }
    let queen = free & (~free &+ 1)
    let others = free ^ queen
    if others == 0 { return forkedSolutions(board.placing(queen)) }
    let (first, rest) = join {
      forkedSolutions(board.placing(queen))
    } and: {
      forkedSolutions(board, among: others)
    }
    return first + rest
  }

  /// The boards with queens on the first three rows: pieces of a size that suits queues of heavier tasks.
  var prefixes: [Board] {
    (0..<min(3, side)).reduce([Board(side: side)]) { boards, _ in boards.flatMap(\.successors) }
  }
}

extension Queens: Computation {
  var name: String { "queens" }
  var detail: String { "\(side) queens; Skein forks at every choice, the others at the first three rows" }

  func sequential() -> Int {
    Self.solutions(Board(side: side))
  }

  func skein(_ pool: ThreadPool) -> Int {
    pool.run { Self.forkedSolutions(Board(side: side)) }
  }

  func concurrentPerform() -> Int {
    let boards = prefixes
    return concurrentResults(boards.count) { Self.solutions(boards[$0]) }.reduce(0, +)
  }

  func taskGroup() async -> Int {
    let boards = prefixes
    return await taskGroupResults(boards.count) { Self.solutions(boards[$0]) }.reduce(0, +)
  }
}
