/// Reduces fixed blocks of a sequence and combines their values in a fixed tree.
@usableFromInline
struct ReduceBody<Base: ParallelSequence, Value, Failure: Error>: LoopBody where Base.Failure == Failure {
  @usableFromInline typealias Partial = ReductionTree<Value>

  @usableFromInline let base: Base
  @usableFromInline let blocks: ReductionBlocks
  /// The value of a block before its first element, if it has one.
  @usableFromInline let start: @Sendable () -> Value?
  /// Takes an element into the value of its block.
  @usableFromInline let fold: @Sendable (inout Value?, Base.Element) throws(Failure) -> Void
  /// Combines the values of neighbours, the left one into which the right one goes.
  @usableFromInline let combine: @Sendable (inout Value, consuming Value) throws(Failure) -> Void

  @inlinable
  init(
    _ base: Base, _ blocks: ReductionBlocks, start: @escaping @Sendable () -> Value?,
    fold: @escaping @Sendable (inout Value?, Base.Element) throws(Failure) -> Void,
    combine: @escaping @Sendable (inout Value, consuming Value) throws(Failure) -> Void
  ) {
    self.base = base
    self.blocks = blocks
    self.start = start
    self.fold = fold
    self.combine = combine
  }

  @inlinable
  func makePartial() -> Partial { ReductionTree() }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>) {
    for unit in units {
      var value = start()
      do throws(Failure) {
        var thrown: Failure?
        _ = try base.forward(blocks.positions(of: unit)) { element in
          do throws(Failure) {
            try fold(&value, element)
            return true
          } catch {
            thrown = error
            return false
          }
        }
        if let thrown { throw thrown }
        if let value { try partial.append(value, unit: unit, combine) }
      } catch {
        control.note(error, at: unit)
        return
      }
    }
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    do throws(Failure) {
      try left.append(contentsOf: right, combine)
    } catch {
      control.note(error, at: right.nodes.first?.start ?? 0)
    }
  }

  /// The value of the whole sequence, or nil if it has no elements and blocks have no start.
  @inlinable
  func run() throws(Failure) -> Value? {
    let control = LoopControl<Failure>(base.plan, unitSize: blocks.size)
    var tree = runLoop(self, control, count: blocks.count, unitSize: blocks.size, plan: base.plan)
    try control.throwFirst()
    return try tree.finish(combine)
  }
}
