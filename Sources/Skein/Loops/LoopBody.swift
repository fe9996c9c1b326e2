/// The work of a loop on its units, and the merging of its partial results.
///
/// A unit is one position of the sequence, or for reductions a fixed block of them. The engine calls `run` for
/// consecutive ranges of a piece in ascending order, each piece on one thread at a time, and `merge` for neighbouring
/// pieces. A batch runs to its end or until its watch ends it.
@usableFromInline
protocol LoopBody<Failure, Partial> {
  associatedtype Failure: Error = Never
  /// The result of one piece so far.
  associatedtype Partial

  func makePartial() -> Partial
  /// Runs a batch.
  /// - Returns: The first unit of the batch that has not been run, and that the engine runs later; its end if there is
  ///   none.
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>)
}

extension LoopBody where Partial == Void {
  @inlinable
  func makePartial() {}

  @inlinable
  func merge(_ right: consuming Void, into left: inout Void, _ control: borrowing LoopControl<Failure>) {}
}

extension LoopBody where Partial: RangeReplaceableCollection {
  @inlinable
  func makePartial() -> Partial { Partial() }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    if left.isEmpty { left = right } else { left.append(contentsOf: right) }
  }
}
