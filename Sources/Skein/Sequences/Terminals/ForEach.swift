/// Runs a leaf for its effects alone.
@usableFromInline
struct EffectBody<Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = Void

  @usableFromInline let leaf: BoundLeaf<Void, Failure>

  @inlinable
  init(_ leaf: BoundLeaf<Void, Failure>) { self.leaf = leaf }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Failure>, _ watch: inout BatchWatch
  ) -> Int {
    leaf.run(units, &partial, control, &watch) ?? units.upperBound
  }
}

extension ParallelSequence {
  /// Calls a closure with each element, in any order, on several threads at once.
  ///
  /// At most one iteration is open on each thread; `ThreadPool` describes what follows from that.
  /// - Throws: The error of the first element in order whose closures throw, once those before it are done.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func forEach(_ body: @escaping @Sendable (Element) -> Void) throws(Failure) {
    try map(body).run()
  }

  /// Like `forEach`, with a closure that may throw. Elements after the first one in order for which it throws are not
  /// begun any more; elements before it still run, since they might throw earlier.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func forEach<E>(_ body: @escaping @Sendable (Element) throws(E) -> Void) throws(E) where Failure == Never {
    try map(body).run()
  }

  /// Runs the chain for the effects of its closures.
  @inlinable
  @inline(__always)
  func run() throws(Failure) {
    let control = LoopControl<Failure>(plan)
    withLeaf { (_, _: inout Void) throws(Failure) in
      true
    } run: { leaf in
      unsafe runUnits(EffectBody(leaf), control, from: leaf.source)
    }
    try control.throwFirst()
  }
}
