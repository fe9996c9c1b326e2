// Sequences whose length is not known beforehand. Their positions are supplied in blocks: while the workers run one
// block, one of them prepares the next. At most two blocks exist at a time.

/// The division of a supplied sequence into units, and its supply of positions.
///
/// It has closures instead of the sequence's type, so that a loop over it is not compiled for each chain.
@usableFromInline
struct Supply {
  /// Supplies positions up to an end, and returns the end of those that there are.
  @usableFromInline let positions: (_ end: Int) -> Int
  /// Turns from the block before to the one that has been supplied.
  @usableFromInline let turn: () -> Void
  /// The units of a reduction; nil if each position is a unit.
  @usableFromInline let blocks: ReductionBlocks?
  /// The size of an element in bytes.
  @usableFromInline let stride: Int

  @inlinable
  init(_ blocks: ReductionBlocks?, stride: Int, positions: @escaping (Int) -> Int, turn: @escaping () -> Void) {
    self.blocks = blocks
    self.stride = stride
    self.positions = positions
    self.turn = turn
  }

  /// Supplies the positions of some units.
  /// - Returns: The end of the units that have any positions.
  @usableFromInline
  func supply(_ units: Range<Int>, _ reporter: LoopReporter?) -> Int {
    let wanted = blocks?.positions(of: units.upperBound).lowerBound ?? units.upperBound
    let end = positions(wanted)
    reporter?.noteSupply(end, isAll: end < wanted)
    guard let blocks else { return end }
    return units.first { blocks.positions(of: $0).lowerBound >= end } ?? units.upperBound
  }
}

extension ParallelSequence {
  /// Runs a loop over all units of this sequence: its positions, or the blocks of a reduction.
  /// - Parameter source: The source of the body's leaf.
  @_alwaysEmitIntoClient
  @inline(__always)
  func runUnits<Body: LoopBody>(
    _ body: Body, _ control: borrowing LoopControl<Body.Failure>, from source: UnsafeRawPointer,
    in blocks: ReductionBlocks? = nil
  ) -> Body.Partial {
    if Self.isSupplied {
      // SAFETY: The source is valid while the loop runs.
      let supply = Supply(
        blocks, stride: MemoryLayout<Element>.stride,
        positions: { unsafe Self.supply(from: source, upTo: $0) }, turn: { unsafe Self.turn(source) })
      return runSuppliedLoop(body, control, supply, plan: plan)
    }
    if let reporter = control.reporter { reporter.expect(positionCount) }
    return runLoop(
      body, control, count: blocks?.count ?? positionCount, unitSize: blocks?.size ?? 1, plan: plan)
  }
}

/// Runs a loop over a supplied sequence and returns the results of its pieces, merged in order.
@inlinable
func runSuppliedLoop<Body: LoopBody>(
  _ body: Body, _ control: borrowing LoopControl<Body.Failure>, _ supply: Supply, plan: LoopPlan
) -> Body.Partial {
  unsafe withUnsafePointer(to: body) { body in
    unsafe withUnsafePointer(to: control) { control in
      let loop = unsafe RunningLoop(body: body, control: control)
      if supply.blocks != nil { unsafe control.pointee.reporter?.expectGrowingUnits() }
      return plan.onWorker { loop.run(supply, on: .current!) }
    }
  }
}

extension RunningLoop {
  /// Runs block after block until there are no more.
  ///
  /// The number of units in a block depends on how long the last one took: enough that starting a block costs little,
  /// few enough that little work is wasted when the loop ends early.
  @inlinable
  func run(_ supply: Supply, on worker: WorkerReference) -> Body.Partial {
    var pace = unsafe LoopPace(control.pointee, on: worker)
    var partial = unsafe body.pointee.makePartial()
    var size = unsafe SupplySize(
      least: 2 * worker.threadCount, minimumBatch: control.pointee.minimumBatch,
      unitSize: supply.blocks?.size ?? 1, stride: supply.stride)
    var units = unsafe 0..<supply.supply(0..<size.count, control.pointee.reporter)
    var isLast = units.count < size.count
    while !units.isEmpty {
      supply.turn()
      if unsafe control.pointee.isOver(at: units.lowerBound, on: worker) { break }
      let next = units.upperBound..<units.upperBound + size.count
      var ready = next.lowerBound
      let began = worker.look()
      unsafe control.pointee.takeFirstPermit()
      // SAFETY: `ready` is read after the second closure has returned, whichever thread it ran on.
      let made = unsafe withUnsafeMutablePointer(to: &ready) { ready in
        worker.fork {
          runPiece(from: units.lowerBound, to: units.upperBound, pace: &pace, on: worker)
        } _: {
          if !isLast { unsafe ready.pointee = supply.supply(next, control.pointee.reporter) }
        }
      }
      unsafe body.pointee.merge(made, into: &partial, control.pointee)
      size.note(worker.look() &- began)
      isLast = ready < next.upperBound
      units = next.lowerBound..<ready
    }
    if units.isEmpty { unsafe control.pointee.reporter?.finish() }
    return partial
  }
}

/// The number of units in the next block of a supplied sequence.
@usableFromInline
struct SupplySize {
  @usableFromInline var count: Int
  @usableFromInline let least: Int
  @usableFromInline let most: Int

  /// No block has more elements than this, except to give each thread two units.
  @inlinable static var most: Int { 1 << 14 }
  /// Nor do its elements take more memory than this themselves.
  @inlinable static var mostBytes: Int { 1 << 20 }

  @inlinable
  init(least: Int, minimumBatch: Int, unitSize: Int, stride: Int) {
    // There may be fewer elements than the minimum batch asks for: so it raises the size of a block at most to the
    // usual limit.
    let (product, overflows) = least.multipliedReportingOverflow(by: minimumBatch)
    self.least = overflows ? SupplySize.most : min(product, max(least, SupplySize.most))
    most = max(self.least, min(SupplySize.most, SupplySize.mostBytes / max(1, stride)) / unitSize)
    count = self.least
  }

  /// Adapts to the duration of a block.
  @inlinable
  mutating func note(_ ticks: UInt64) {
    if ticks < 50 * LoopPace.aim {
      count = min(count * 2, most)
    } else if ticks > 500 * LoopPace.aim {
      count = max(count / 2, least)
    }
  }
}
