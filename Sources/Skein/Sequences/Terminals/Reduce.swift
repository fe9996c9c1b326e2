/// Reduces fixed blocks of a sequence and combines their values in a fixed tree.
@usableFromInline
struct ReduceBody<Value, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = ReductionTree<Value>

  /// Folds the elements of a block into its value.
  @usableFromInline let leaf: BoundLeaf<Value, Failure>
  @usableFromInline let blocks: ReductionBlocks
  /// The value of a block before its first element.
  @usableFromInline let start: () -> Value
  /// Combines the values of neighbours: adds the right one to the left one.
  @usableFromInline let combine: (inout Value, consuming Value) throws(Failure) -> Void

  @inlinable
  init(
    _ leaf: BoundLeaf<Value, Failure>, _ blocks: ReductionBlocks, start: @escaping () -> Value,
    combine: @escaping (inout Value, consuming Value) throws(Failure) -> Void
  ) {
    self.leaf = leaf
    self.blocks = blocks
    self.start = start
    self.combine = combine
  }

  @inlinable
  func makePartial() -> Partial { ReductionTree() }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    // A block is not divided, since its elements are combined in one order.
    watch.forEach(in: units) { unit in
      var value = start()
      guard leaf.runWhole(blocks.positions(of: unit), &value, control, at: unit) else { return false }
      do throws(Failure) {
        try partial.append(value, unit: unit, combine)
        return !control.isOverEverywhere
      } catch {
        control.note(error, at: unit)
        return false
      }
    }
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    left.merge(right, control, combine)
  }
}

extension ParallelSequence {
  /// Reduces all elements; nil if there are no positions.
  ///
  /// - Parameters:
  ///   - fold: Adds an element to the value of its block; always returns true.
  ///   - combine: Adds the value of the blocks to the right to that of the blocks to the left.
  @_alwaysEmitIntoClient
  @inline(__always)
  func reduceBlocks<Value>(
    _ blocks: ReductionBlocks, start: @escaping () -> Value,
    fold: @escaping (Element, inout Value) throws(Failure) -> Bool,
    combine: @escaping (inout Value, consuming Value) throws(Failure) -> Void
  ) throws(Failure) -> Value? {
    let control = LoopControl<Failure>(plan, unitSize: blocks.size)
    var tree = withLeaf(fold) { leaf in
      unsafe runUnits(
        ReduceBody(leaf, blocks, start: start, combine: combine), control, from: leaf.source, in: blocks)
    }
    try control.throwFirst()
    return try tree.finish(combine)
  }
}
