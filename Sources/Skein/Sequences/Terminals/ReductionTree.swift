/// The division of a reduction's positions into blocks: it depends on their number and the minimum batch alone, never
/// on the number of threads or the scheduler.
@usableFromInline
struct ReductionBlocks: Sendable {
  /// The number of positions in a block; if blocks grow, the largest number.
  @usableFromInline let size: Int
  @usableFromInline let positionCount: Int
  /// Whether the first blocks are smaller, because the number of positions is not known: see `startOfGrowingUnit`.
  @usableFromInline let isGrowing: Bool

  /// - Parameter pieces: About how many blocks there should be when there are many positions; a power of two.
  @usableFromInline
  init(positionCount: Int, minimumBatch: Int, pieces: Int, largest: Int) {
    self.positionCount = positionCount
    var size = 1
    while size < largest, size * pieces < positionCount { size *= 2 }
    self.size = max(size, min(minimumBatch, max(1, positionCount)))
    isGrowing = false
  }

  /// Creates blocks of a sequence whose length is not known beforehand.
  /// - Parameter largest: A power of two.
  @usableFromInline
  init(growingTo largest: Int) {
    size = largest
    positionCount = .max
    isGrowing = true
  }

  @inlinable var count: Int { positionCount / size + (positionCount % size == 0 ? 0 : 1) }

  @inlinable
  @inline(__always)
  func positions(of unit: Int) -> Range<Int> {
    if isGrowing { return growingPositions(of: unit) }
    let start = unit * size
    return start..<(positionCount - start > size ? start + size : positionCount)
  }

  @usableFromInline
  func growingPositions(of unit: Int) -> Range<Int> {
    let start = startOfGrowingUnit(unit, upTo: size)
    return start..<start + 1 << levelOfGrowingUnit(unit, upTo: size)
  }
}

/// The values of the maximal subtrees that lie within a run of blocks, left to right.
///
/// The blocks are the leaves of a binary tree whose nodes of level *k* cover 2*ᵏ* blocks from a multiple of 2*ᵏ*. A
/// node's value is combined as soon as both children's values exist, whichever thread makes them and wherever the loop
/// was divided. So the order of association is that of the tree, and floating-point results have the same bits at every
/// number of threads.
@usableFromInline
struct ReductionTree<Value> {
  @usableFromInline
  struct Node {
    @usableFromInline var value: Value
    /// The first block it covers.
    @usableFromInline let start: Int
    @usableFromInline var level: Int

    @inlinable
    init(value: Value, start: Int, level: Int) {
      self.value = value
      self.start = start
      self.level = level
    }

    /// Whether another node is the right child of the same parent: of one level, with this one at an even place, and nothing missing between them.
    @inlinable
    @inline(__always)
    func isSibling(ofLevel level: Int, at start: Int) -> Bool {
      self.level == level && self.start >> level & 1 == 0 && self.start + 1 << level == start
    }
  }

  @usableFromInline var nodes: [Node] = []

  @inlinable
  init() {}

  /// Appends the value of the block that follows the blocks of the tree.
  @inlinable
  @inline(__always)
  mutating func append<E: Error>(
    _ value: consuming Value, unit: Int, _ combine: (inout Value, consuming Value) throws(E) -> Void
  ) throws(E) {
    // Every second block goes into the one before it where that lies, and never becomes a node.
    let last = nodes.count - 1
    if last >= 0, nodes[last].isSibling(ofLevel: 0, at: unit) {
      try combine(&nodes[last].value, value)
      nodes[last].level = 1
      try combineSiblings(combine)
    } else {
      nodes.append(Node(value: value, start: unit, level: 0))
    }
  }

  @inlinable
  mutating func append<E: Error>(
    _ node: consuming Node, _ combine: (inout Value, consuming Value) throws(E) -> Void
  ) throws(E) {
    nodes.append(node)
    try combineSiblings(combine)
  }

  /// Makes one node of the last two as long as they are siblings.
  @inlinable
  mutating func combineSiblings<E: Error>(
    _ combine: (inout Value, consuming Value) throws(E) -> Void
  ) throws(E) {
    while nodes.count >= 2 {
      let left = nodes.count - 2
      guard nodes[left].isSibling(ofLevel: nodes[left + 1].level, at: nodes[left + 1].start) else { return }
      let right = nodes.removeLast()
      try combine(&nodes[left].value, right.value)
      nodes[left].level += 1
    }
  }

  @inlinable
  mutating func append<E: Error>(
    contentsOf other: ReductionTree, _ combine: (inout Value, consuming Value) throws(E) -> Void
  ) throws(E) {
    if nodes.isEmpty {
      self = other
    } else {
      for node in other.nodes { try append(node, combine) }
    }
  }

  /// Appends the values of the piece to the right. An error of `combine` is noted for the loop.
  @inlinable
  mutating func merge<E: Error>(
    _ right: consuming ReductionTree, _ control: borrowing LoopControl<E>,
    _ combine: (inout Value, consuming Value) throws(E) -> Void
  ) {
    let position = right.nodes.first?.start ?? 0
    do throws(E) {
      try append(contentsOf: right, combine)
    } catch {
      control.note(error, at: position)
    }
  }

  /// Combines the remaining values, from the right.
  @inlinable
  mutating func finish<E: Error>(
    _ combine: (inout Value, consuming Value) throws(E) -> Void
  ) throws(E) -> Value? {
    while nodes.count >= 2 {
      let right = nodes.removeLast()
      try combine(&nodes[nodes.count - 1].value, right.value)
    }
    return nodes.popLast()?.value
  }
}
