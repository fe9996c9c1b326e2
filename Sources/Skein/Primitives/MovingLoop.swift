extension LoopPlan {
  /// Returns the plan of a loop that calls no user code: the same pool, and nothing else of this plan.
  @inlinable
  func moving(minimumBatch: Int) -> LoopPlan { LoopPlan(pool: pool, minimumBatch: minimumBatch) }
}

/// Runs a loop that only moves elements: it goes to its end even if the task is cancelled, so that none is lost.
@inlinable
func runMovingLoop<Body: LoopBody>(_ body: Body, count: Int, plan: LoopPlan)
where Body.Failure == Never, Body.Partial == Void {
  let control = LoopControl<Never>(plan)
  runLoop(body, control, count: count, plan: plan)
}

/// Exchanges two elements, by moving, without testing whether they are the same one.
@inlinable
@inline(__always)
func exchange<Element>(_ left: UnsafeMutablePointer<Element>, _ right: UnsafeMutablePointer<Element>) {
  let element = unsafe left.move()
  unsafe left.initialize(to: right.move())
  unsafe right.initialize(to: element)
}
