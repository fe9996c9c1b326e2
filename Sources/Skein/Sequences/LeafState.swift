/// What a batch of a loop makes of its elements, and the error that ended it, if one did.
@usableFromInline
struct LeafState<Value, Failure: Error> {
  @usableFromInline var value: Value
  @usableFromInline var error: Failure?

  @inlinable
  @inline(__always)
  init(_ value: Value) {
    self.value = value
    error = nil
  }
}

/// A leaf with the source it reads from, for the batches of a loop.
///
/// SAFETY: The source is good until `withSource` returns, and the loop runs inside it.
@safe
@usableFromInline
struct BoundLeaf<Value, Failure: Error> {
  @usableFromInline let leaf: ParallelLeaf<LeafState<Value, Failure>>
  @usableFromInline let source: UnsafeRawPointer

  @inlinable
  init(_ leaf: @escaping ParallelLeaf<LeafState<Value, Failure>>, _ source: UnsafeRawPointer) {
    unsafe self.leaf = unsafe leaf
    unsafe self.source = source
  }

  /// Runs the leaf over some positions. An error is noted for the loop and ends the batch.
  /// - Parameter unit: Where the batch stands in the loop's own count.
  /// - Returns: Whether no closure threw.
  @inlinable
  @inline(__always)
  func run(
    _ positions: Range<Int>, _ value: inout Value, _ control: borrowing LoopControl<Failure>, at unit: Int
  ) -> Bool {
    var state = LeafState<Value, Failure>(value)
    _ = unsafe leaf(source, positions, &state)
    value = state.value
    guard let error = state.error else { return true }
    control.note(error, at: unit)
    return false
  }
}

extension ParallelSequence {
  /// A leaf that hands each element to `receive`. Made where the chain's closures can still be seen, outside any other closure.
  @inlinable
  @inline(__always)
  func leaf<Value>(
    _ receive: @escaping (Element, inout Value) throws(Failure) -> Bool
  ) -> ParallelLeaf<LeafState<Value, Failure>> {
    unsafe makeLeaf(
      { element, state in
        do throws(Failure) {
          return try receive(element, &state.value)
        } catch {
          state.error = error
          return false
        }
      }, fail: { $1.error = $0 })
  }

  /// Calls `body` with a leaf of this sequence bound to its source.
  @inlinable
  @inline(__always)
  func bind<Value, Result>(
    _ leaf: @escaping ParallelLeaf<LeafState<Value, Failure>>, _ body: (BoundLeaf<Value, Failure>) -> Result
  ) -> Result {
    unsafe withSource { source in unsafe body(BoundLeaf(leaf, source)) }
  }
}

/// Moves a state into a local variable for the time of a loop, so that it can live in registers: nothing else points at it.
@inlinable
@inline(__always)
func withLocal<State, Result>(_ state: inout State, _ body: (inout State) -> Result) -> Result {
  unsafe withUnsafeMutablePointer(to: &state) { pointer in
    // SAFETY: the state is moved out and back in; `body` cannot throw.
    var local = unsafe pointer.move()
    let result = body(&local)
    unsafe pointer.initialize(to: local)
    return result
  }
}
