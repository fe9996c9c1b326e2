import Skein

// Forks at every step and no cutoff: Fibonacci numbers, n queens, an unbalanced tree.

extension Row {
  static let forks =
    rows("fib", threads: [1, 2, 8, 16, 64]) { run, pool in
      let n = run.isQuick ? 27 : 34
      run.measure(items: forkCount(ofFibonacci: n), in: pool) { forkedFibonacci(n) }
    }
    + rows("queens", threads: [1, 2, 8, 16, 64]) { run, pool in
      let board = Queens(run.isQuick ? 9 : 13)
      run.measure(items: board.placements(), in: pool) { board.forkedSolutions(board.free) }
    }
    + rows("uts", threads: [1, 2, 8, 16, 64]) { run, pool in
      let root = TreeNode(root: run.isQuick ? 9 : 11)
      run.measure(items: root.count(), in: pool) { root.forkedCount() }
    }
}

/// A node of a tree that is not there: what is below a node follows from its state.
///
/// Half of the nodes have no children, and each four more are half as likely as four less. So subtrees of one height differ widely, and nothing tells by how much.
private struct TreeNode {
  let state: UInt64
  let height: Int

  init(root height: Int) { self.init(state: SplitMix.mixed(2), height: height) }

  private init(state: UInt64, height: Int) {
    self.state = state
    self.height = height
  }

  var childCount: Int { height == 0 ? 0 : 4 * state.trailingZeroBitCount }

  func child(_ index: Int) -> TreeNode {
    TreeNode(state: SplitMix.mixed(state &+ UInt64(index + 1) &* SplitMix.step), height: height - 1)
  }

  /// The nodes of this subtree, counted by one thread.
  func count() -> Int { (0..<childCount).reduce(1) { $0 + child($1).count() } }

  @inline(never)
  func forkedCount() -> Int {
    let children = childCount
    return children == 0 ? 1 : 1 + forkedCount(0, children)
  }

  /// The nodes below some of the children.
  private func forkedCount(_ low: Int, _ high: Int) -> Int {
    if high - low == 1 { return child(low).forkedCount() }
    let middle = (low + high) / 2
    let (a, b) = join {
      forkedCount(low, middle)
    } and: {
      forkedCount(middle, high)
    }
    return a + b
  }
}
