extension ParallelElements where Base: MutableCollection {
  /// Calls `body` with the elements, which it may change in place.
  @inlinable
  @inline(__always)
  mutating func withMutableElements<Result, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws(E) -> Result
  ) throws(E) -> Result {
    let result: Swift.Result<Result, E>? = unsafe base.withContiguousMutableStorageIfAvailable { elements in
      do throws(E) {
        return unsafe .success(try body(elements))
      } catch {
        return .failure(error)
      }
    }
    guard let result else {
      fatal("changing elements in parallel needs a collection that keeps them in contiguous memory")
    }
    return try result.get()
  }

  /// The index of the element at a place counted from the start.
  @inlinable
  func index(_ offset: Int) -> Base.Index { base.index(base.startIndex, offsetBy: offset) }

  /// How far from the start an index is.
  @inlinable
  func offset(_ index: Base.Index) -> Int { base.distance(from: base.startIndex, to: index) }
}

extension LoopPlan {
  /// Runs several loops in a row on one worker of the pool, which is entered once for all of them.
  @inlinable
  func onWorker<Value, E: Error>(_ body: () throws(E) -> Value) throws(E) -> Value {
    if let worker = WorkerReference.current, worker.isIn(pool) { return try body() }
    let result = (pool ?? .shared).runLoop { () -> Result<Value, E> in
      do throws(E) { return .success(try body()) } catch { return .failure(error) }
    }
    return try result.get()
  }

  /// The plan of a loop that calls nothing of the user's: the same pool, and nothing else of this plan.
  @inlinable
  func moving(minimumBatch: Int) -> LoopPlan { LoopPlan(pool: pool, minimumBatch: minimumBatch) }
}

extension WorkerReference {
  /// Whether its pool has no other thread, so that a loop would not be divided.
  @usableFromInline var isAlone: Bool { pool.threadCount == 1 }
}

/// Runs a loop that only moves elements: it goes to its end even if the task is cancelled, so that none is lost.
@inlinable
func runMovingLoop<Body: LoopBody>(_ body: Body, count: Int, plan: LoopPlan)
where Body.Failure == Never, Body.Partial == Void {
  let control = LoopControl<Never>(plan, isCancellable: false)
  runLoop(body, control, count: count, plan: plan)
}

/// Exchanges two elements, by moving, with no test whether they are the same one.
@inlinable
@inline(__always)
func exchange<Element>(_ left: UnsafeMutablePointer<Element>, _ right: UnsafeMutablePointer<Element>) {
  let element = unsafe left.move()
  unsafe left.initialize(to: right.move())
  unsafe right.initialize(to: element)
}
