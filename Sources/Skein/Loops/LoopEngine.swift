// Runs the pieces of a loop. A piece runs sequentially, batch by batch, and gives half of the rest away when another
// worker is hungry; when none is, a batch costs one test of a flag. Pieces carry pointers only, so dividing one retains
// nothing.

/// Runs a loop over `count` units and returns the results of its pieces, merged in order.
@inlinable
func runLoop<Body: LoopBody>(
  _ body: Body, _ control: borrowing LoopControl<Body.Failure>, count: Int, unitSize: Int = 1, plan: LoopPlan
) -> Body.Partial {
  unsafe withUnsafePointer(to: body) { body in
    unsafe withUnsafePointer(to: control) { control in
      if let reporter = unsafe control.pointee.reporter {
        reporter.expect(count * unitSize)
        if count == 0 { reporter.finish() }
      }
      let loop = unsafe RunningLoop(body: body, control: control)
      if let stay = plan.stay() {
        defer { stay.end() }
        return loop.run(count: count, blocks: plan.blocks, unitSize: unitSize, on: stay.worker)
      }
      return (plan.pool ?? .shared).runLoop {
        loop.run(count: count, blocks: plan.blocks, unitSize: unitSize, on: .current!)
      }
    }
  }
}

/// A running loop, as its pieces refer to it.
///
/// SAFETY: The body and the control are on the frame of `runLoop`, which returns when the last piece is done.
@safe
@usableFromInline
struct RunningLoop<Body: LoopBody> {
  @usableFromInline let body: UnsafePointer<Body>
  @usableFromInline let control: UnsafePointer<LoopControl<Body.Failure>>

  @inlinable
  init(body: UnsafePointer<Body>, control: UnsafePointer<LoopControl<Body.Failure>>) {
    unsafe self.body = body
    unsafe self.control = control
  }
}

extension RunningLoop {
  /// Runs all units, and records the duration of a loop that used to be short.
  @inlinable
  func run(
    count: Int, blocks: LoopPlan.Blocks, unitSize: Int, on worker: WorkerReference
  ) -> Body.Partial {
    var pace = unsafe LoopPace(control.pointee, on: worker)
    let expectation =
      count > 1 && worker.isExposureRequested ? unsafe worker.expectation(at: control.pointee.site) : .nothing
    pace.offersLater = expectation != .nothing
    pace.isTrusting = expectation == .short
    let began = expectation == .shortButTimed ? worker.look() : 0
    let partial = run(count: count, blocks: blocks, unitSize: unitSize, pace: &pace, on: worker)
    switch expectation {
    case .nothing: break
    case .short: if !pace.isTrusting { unsafe worker.noteUnknownLoop(at: control.pointee.site) }
    case .shortButTimed: unsafe worker.noteLoop(at: control.pointee.site, took: worker.look() &- began)
    }
    return partial
  }

  /// Runs all units: at once, or block by block.
  @inlinable
  func run(
    count: Int, blocks: LoopPlan.Blocks, unitSize: Int, pace: inout LoopPace, on worker: WorkerReference
  ) -> Body.Partial {
    if blocks == .none {
      unsafe control.pointee.takeFirstPermit()
      return runPiece(from: 0, to: count, pace: &pace, on: worker)
    }
    var partial = unsafe body.pointee.makePartial()
    var start = 0
    var size = worker.firstBlock(of: blocks, unitSize: unitSize)
    while start < count {
      if unsafe control.pointee.isOver(at: start, on: worker) { break }
      let end = size < count - start ? start + size : count
      unsafe control.pointee.takeFirstPermit()
      unsafe body.pointee.merge(
        runPiece(from: start, to: end, pace: &pace, on: worker), into: &partial, control.pointee)
      start = end
      if blocks == .growing, size <= count { size *= 2 }
    }
    return partial
  }

  /// Runs one piece. The depth of the recursion is the number of times that the piece is halved, at most log₂ of its length.
  @inlinable
  func runPiece(
    from start: Int, to end: Int, pace: inout LoopPace, on worker: WorkerReference
  ) -> Body.Partial {
    var next = start
    var partial = unsafe body.pointee.makePartial()
    var gaps = Gaps<Body.Partial>()  // remains empty
    runPiece(from: &next, to: end, pace: &pace, into: &partial, &gaps, on: worker, mayHandBack: false)
    return partial
  }

  /// Runs one piece, or parts of it, and adds its result to that of the units just before it.
  ///
  /// - Parameters:
  ///   - next: The start of the piece; afterwards, the start of the part at its end that has not been run.
  ///   - pace: The pace of this worker in this loop until now.
  ///   - partial: The result up to the first part that has not been run.
  ///   - gaps: The parts that have not been run, but for that at the end; empty before.
  ///   - mayHandBack: Whether to stop, and leave the rest, when other work waits that nobody else begins.
  @inlinable
  func runPiece(
    from next: inout Int, to end: Int, pace: inout LoopPace, into partial: inout Body.Partial,
    _ gaps: inout Gaps<Body.Partial>, on worker: WorkerReference, mayHandBack: Bool
  ) {
    // Whether the clock was last read at the end of the previous batch.
    var isFresh = false
    while next < end {
      if unsafe control.pointee.isOver(at: next, on: worker) {
        next = end
        break
      }
      if unsafe worker.shouldDivide(end - next, pace, control.pointee) {
        divide(from: &next, to: end, pace: &pace, into: &partial, &gaps, on: worker, mayHandBack: mayHandBack)
        return  // the halves have returned their permits
      }
      if mayHandBack, unsafe worker.shouldLeaveLoop(isLimited: control.pointee.isLimited) { break }
      let stop = unsafe next + pace.next(of: end - next, control.pointee)
      let lookedAt = worker.lookedAt
      var watch = unsafe BatchWatch(next..<stop, pace, control.pointee, began: isFresh ? lookedAt : nil)
      var reached = stop
      unsafe worker.inside(LoopControl.end(of: control), at: next) {
        reached = unsafe body.pointee.run(next..<stop, into: &partial, control.pointee, &watch)
      }
      if reached < end { unsafe pace.note(reached - next, worker.look() &- lookedAt, control.pointee) }
      if unsafe control.pointee.reporter != nil { unsafe control.pointee.reportBatch(next..<reached) }
      next = reached
      isFresh = true
    }
    if next == end { unsafe control.pointee.returnPermit() }
  }

  /// Runs the rest of a piece as two, the second of which can be stolen.
  ///
  /// Only a thief's result has to be merged: a worker that runs both halves just continues.
  ///
  /// A thief with nothing else on its stack may hand back the rest of the second half, to serve a submission. So may one
  /// that has stolen from a worker which may, since that has to wait for it. A submission is never run on top of a
  /// piece: a thread waits for the piece, and may hold a lock that the submission needs.
  @inlinable
  func divide(
    from next: inout Int, to end: Int, pace: inout LoopPace, into partial: inout Body.Partial,
    _ gaps: inout Gaps<Body.Partial>, on worker: WorkerReference, mayHandBack: Bool
  ) {
    let middle = next + (end - next) / 2
    let depth = worker.stackDepth
    let isEarly = !pace.isMeasured
    var began: UInt64 = 0
    // How far the first half has come, and its gaps. Only this thread reads them.
    var reached = next
    // The second half's state is in memory of this frame that the thief writes, as in `join`.
    unsafe withUnsafeTemporaryAllocation(of: SecondHalf<Body.Partial>.self, capacity: 1) { memory in
      let half = memory.baseAddress!
      unsafe half.initialize(to: SecondHalf(next: middle))
      worker.fork {
        // By now the offer has been made, and a sleeper woken for it.
        if isEarly { began = worker.look() }
        runPiece(
          from: &reached, to: middle, pace: &pace, into: &partial, &gaps, on: worker, mayHandBack: mayHandBack)
      } _: {
        let here = WorkerReference.current!
        let stayed = here == worker && here.stackDepth == depth
        // If the first half is to be handed back, so is the second.
        if stayed && (reached < middle || !gaps.isEmpty) { return }
        if unsafe stayed && half.pointee.partial == nil {
          unsafe half.pointee.hasStayed = true
          unsafe runPiece(
            from: &half.pointee.next, to: end, pace: &pace, into: &partial, &gaps, on: worker,
            mayHandBack: mayHandBack)
          return
        }
        // Its own worker continues at its pace; a thief starts afresh, lest it take in one batch what others found
        // cheap.
        var itsPace = stayed ? pace : unsafe LoopPace(control.pointee, on: here)
        unsafe runSecondHalf(
          half, to: end, pace: &itsPace, on: here, mayHandBack: mayHandBack || !stayed && here.isBareThief)
        if stayed { pace = itsPace }
        if unsafe !stayed && half.pointee.isLeft(before: end) { here.handBack() }
      }
      if isEarly { unsafe worker.noteLoop(at: control.pointee.site, took: worker.look() &- began) }
      let right = unsafe half.move()
      if let rightPartial = right.partial {
        if reached < middle {
          unsafe gaps.append(Gaps(Gap(reached..<middle, after: rightPartial)))
        } else if gaps.isEmpty {
          unsafe body.pointee.merge(rightPartial, into: &partial, control.pointee)
        } else {
          gaps.modifyResultOfLast { unsafe body.pointee.merge(rightPartial, into: &$0, control.pointee) }
        }
        gaps.append(right.gaps)
        next = right.next
      } else if right.hasStayed {
        next = right.next
      } else {
        // What is left of the two halves is one piece again, which needs one permit; unless the first has only gaps.
        if reached < middle { unsafe control.pointee.returnPermit() }
        next = reached
      }
    }
  }

  /// Runs the second half of a divided piece on its thief, or what the thief has left of it on its own worker.
  @inlinable
  func runSecondHalf(
    _ half: UnsafeMutablePointer<SecondHalf<Body.Partial>>, to end: Int, pace: inout LoopPace,
    on worker: WorkerReference, mayHandBack: Bool
  ) {
    if unsafe !half.pointee.gaps.isEmpty {
      unsafe fillGaps(of: half, pace: &pace, on: worker, mayHandBack: mayHandBack)
    }
    if unsafe half.pointee.partial != nil && (!half.pointee.gaps.isEmpty || half.pointee.next == end) { return }
    var right = unsafe body.pointee.makePartial()
    unsafe runPiece(
      from: &half.pointee.next, to: end, pace: &pace, into: &right, &half.pointee.gaps, on: worker,
      mayHandBack: mayHandBack)
    if unsafe half.pointee.partial == nil {
      unsafe half.pointee.partial = right
    } else {
      unsafe body.pointee.merge(right, into: &half.pointee.partial!, control.pointee)
    }
  }

  /// Runs what has been left between parts that have been run.
  @inlinable
  @inline(never)
  func fillGaps(
    of half: UnsafeMutablePointer<SecondHalf<Body.Partial>>, pace: inout LoopPace, on worker: WorkerReference,
    mayHandBack: Bool
  ) {
    while unsafe !half.pointee.gaps.isEmpty {
      var gap = unsafe half.pointee.gaps.removeFirst()
      // Those that this one now has come before the others.
      var inner = Gaps<Body.Partial>()
      unsafe runPiece(
        from: &gap.start, to: gap.end, pace: &pace, into: &half.pointee.partial!, &inner, on: worker,
        mayHandBack: mayHandBack)
      let isFilled = unsafe gap.start == gap.end
      let isLeft = !isFilled || !inner.isEmpty
      if !isFilled {
        unsafe gap.next = nil
        unsafe inner.append(Gaps(gap))
      } else if inner.isEmpty {
        unsafe body.pointee.merge(gap.after, into: &half.pointee.partial!, control.pointee)
      } else {
        inner.modifyResultOfLast { unsafe body.pointee.merge(gap.after, into: &$0, control.pointee) }
      }
      unsafe inner.append(half.pointee.gaps)
      unsafe half.pointee.gaps = inner
      if isLeft { return }
    }
  }
}

/// The progress of the second half of a divided piece.
@usableFromInline
struct SecondHalf<Partial> {
  /// A thief's result for it, up to the first part that it has left.
  @usableFromInline var partial: Partial?
  /// What the thief has left, but for the part from `next` on.
  @usableFromInline var gaps = Gaps<Partial>()
  /// Whether the worker of the first half has run it, into the same result.
  @usableFromInline var hasStayed = false
  @usableFromInline var next: Int

  @inlinable
  init(next: Int) {
    partial = nil
    self.next = next
  }

  /// Whether something is left of the half that ends at `end`.
  @inlinable
  func isLeft(before end: Int) -> Bool { next < end || !gaps.isEmpty }
}

extension WorkerReference {
  @usableFromInline
  func isIn(_ pool: ThreadPool?) -> Bool {
    guard let pool else { return true }
    return pool.core === self.pool
  }

  @usableFromInline var threadCount: Int { pool.threadCount }

  @usableFromInline
  func firstBlock(of blocks: LoopPlan.Blocks, unitSize: Int) -> Int {
    switch blocks {
    case .none: .max
    case .uniform(let count): max(1, count / unitSize)
    case .growing: max(1, pool.threadCount / unitSize)
    }
  }
}

extension ThreadPool {
  /// `run`, without its ban on use from asynchronous code: a loop blocks its thread only as long as the sequential one
  /// would.
  @usableFromInline
  func runLoop<Value>(_ body: () -> Value) -> Value { unsafe runUnchecked(body) }
}
