// Sequences whose length is not known beforehand. Their positions are supplied in blocks: while the workers run one
// block, one of them prepares the next. At most two blocks exist at a time.

/// The division of a supplied sequence into units, and the source of its positions.
///
/// SAFETY: The source is valid until `withSource` returns, and the loop runs inside it.
@safe
@usableFromInline
struct Supply<Sequence: ParallelSequence> {
  @usableFromInline let source: UnsafeRawPointer
  /// The units of a reduction; nil if each position is a unit.
  @usableFromInline let blocks: ReductionBlocks?

  @inlinable
  init(_ source: UnsafeRawPointer, _ blocks: ReductionBlocks?) {
    unsafe self.source = source
    self.blocks = blocks
  }

  /// Supplies the positions of some units.
  /// - Returns: The end of the units that have any positions.
  @inlinable
  func supply(_ units: Range<Int>) -> Int {
    guard let blocks else { return unsafe Sequence.supply(from: source, upTo: units.upperBound) }
    let end = unsafe Sequence.supply(from: source, upTo: blocks.positions(of: units.upperBound).lowerBound)
    return units.first { blocks.positions(of: $0).lowerBound >= end } ?? units.upperBound
  }
}

extension ParallelSequence {
  /// Runs a loop over all units of this sequence: its positions, or the blocks of a reduction.
  /// - Parameter source: The source of the body's leaf.
  @_alwaysEmitIntoClient
  @inline(__always)
  func runUnits<Body: LoopBody>(
    _ body: Body, _ control: borrowing LoopControl<Failure>, from source: UnsafeRawPointer,
    in blocks: ReductionBlocks? = nil
  ) -> Body.Partial where Body.Failure == Failure {
    if Self.isSupplied { return unsafe runSuppliedLoop(body, control, Supply<Self>(source, blocks), plan: plan) }
    if let reporter = control.reporter { reporter.expect(positionCount) }
    return runLoop(
      body, control, count: blocks?.count ?? positionCount, unitSize: blocks?.size ?? 1, plan: plan)
  }
}

/// Runs a loop over a supplied sequence and returns the results of its pieces, merged in order.
@inlinable
func runSuppliedLoop<Body: LoopBody, Sequence>(
  _ body: Body, _ control: borrowing LoopControl<Body.Failure>, _ supply: Supply<Sequence>, plan: LoopPlan
) -> Body.Partial {
  unsafe withUnsafePointer(to: body) { body in
    unsafe withUnsafePointer(to: control) { control in
      let loop = unsafe RunningLoop(body: body, control: control)
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
  func run<Sequence>(_ supply: Supply<Sequence>, on worker: WorkerReference) -> Body.Partial {
    var pace = unsafe LoopPace(control.pointee, on: worker)
    var partial = unsafe body.pointee.makePartial()
    var size = unsafe SupplySize(
      least: 2 * worker.threadCount, minimumBatch: control.pointee.minimumBatch,
      unitSize: supply.blocks?.size ?? 1, stride: MemoryLayout<Sequence.Element>.stride)
    var units = 0..<supply.supply(0..<size.count)
    var isLast = units.count < size.count
    while !units.isEmpty {
      unsafe Sequence.turn(supply.source)
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
          if !isLast { unsafe ready.pointee = supply.supply(next) }
        }
      }
      unsafe body.pointee.merge(made, into: &partial, control.pointee)
      size.note(worker.look() &- began)
      isLast = ready < next.upperBound
      units = next.lowerBound..<ready
    }
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
