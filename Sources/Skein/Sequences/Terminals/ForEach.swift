/// Calls a closure for each element.
@usableFromInline
struct ForEachBody<Base: ParallelSequence>: LoopBody {
  @usableFromInline typealias Failure = Base.Failure
  @usableFromInline typealias Partial = Void

  @usableFromInline let base: Base
  @usableFromInline let body: @Sendable (Base.Element) -> Void

  @inlinable
  init(_ base: Base, _ body: @escaping @Sendable (Base.Element) -> Void) {
    self.base = base
    self.body = body
  }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Failure>) {
    do throws(Failure) {
      _ = try base.forward(units) { element in
        body(element)
        return true
      }
    } catch {
      control.note(error, at: units.lowerBound)
    }
  }
}

extension ParallelSequence {
  /// Calls a closure with each element, in any order, on several threads at once.
  ///
  /// At most one iteration is open on each thread; see `ThreadPool` for what that is worth.
  /// - Throws: The error of the first element in order whose closure throws, once those before it are done.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @inlinable
  public func forEach(_ body: @Sendable (Element) -> Void) throws(Failure) {
    let control = LoopControl<Failure>(plan)
    withoutActuallyEscaping(body) { body in
      runLoop(ForEachBody(self, body), control, count: positionCount, plan: plan)
    }
    try control.throwFirst()
  }

  /// As `forEach`, with a closure that may throw. Elements after the first one in order for which it throws are not begun any
  /// more; elements before it still run, since they might throw earlier.
  @inlinable
  @_disfavoredOverload
  public func forEach<E>(_ body: @Sendable (Element) throws(E) -> Void) throws(E) where Failure == Never {
    let control = LoopControl<E>(plan)
    withoutActuallyEscaping(body) { body in
      runLoop(ForEachBody(map(body), { _ in }), control, count: positionCount, plan: plan)
    }
    try control.throwFirst()
  }
}
