extension LoopPlan {
  /// The plan of a loop over blocks, whose size allows for the minimum batch: limits of batches count elements, and its
  /// positions are blocks.
  @inlinable
  var ofBlocks: LoopPlan { LoopPlan(pool: pool, maximumInFlight: maximumInFlight) }

  /// Returns the plan of a loop that calls no user code: the same pool, and nothing else of this plan.
  @inlinable
  func moving(minimumBatch: Int) -> LoopPlan { LoopPlan(pool: pool, minimumBatch: minimumBatch) }
}

/// Runs a loop that only moves elements: it goes to its end even if the task is cancelled, so that none is lost.
///
/// A closure for all batches, not a loop body for each use: an indirect call a batch costs nothing, and the engine is compiled once.
/// - Parameter body: Called with the numbers of neighbouring units, which all take about the same time.
@usableFromInline
func runMovingLoop(count: Int, plan: LoopPlan, _ body: (Range<Int>) -> Void) {
  withoutActuallyEscaping(body) { body in
    let control = LoopControl<Never>(plan)
    runLoop(MovingBody(body), control, count: count, plan: plan)
  }
}

private struct MovingBody: LoopBody {
  typealias Failure = Never
  typealias Partial = Void

  let body: (Range<Int>) -> Void

  init(_ body: @escaping (Range<Int>) -> Void) { self.body = body }

  func run(
    _ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Never>, _ watch: inout BatchWatch
  ) -> Int {
    body(units)
    return units.upperBound
  }
}

/// Exchanges two elements, by moving, without testing whether they are the same one.
@inlinable
@inline(__always)
func exchange<Element>(_ left: UnsafeMutablePointer<Element>, _ right: UnsafeMutablePointer<Element>) {
  let element = unsafe left.move()
  unsafe left.initialize(to: right.move())
  unsafe right.initialize(to: element)
}
