/// Runs a closure on each slice of its units and merges the results.
///
/// SAFETY: The pointers are valid until the loop is over.
@safe
@usableFromInline
struct BatchBody<Source: ParallelSequence, Result: BatchResult, Failure: Error>: LoopBody
where Source.Failure == Never {
  @usableFromInline typealias Partial = BatchPartial<Result>

  @usableFromInline let source: UnsafeRawPointer
  @usableFromInline let closures: LentClosures
  @usableFromInline let chain: (ParallelBatch<Source>) throws(Failure) -> Result

  @inlinable
  init(
    _ source: UnsafeRawPointer, _ closures: LentClosures,
    _ chain: @escaping (ParallelBatch<Source>) throws(Failure) -> Result
  ) {
    unsafe self.source = unsafe source
    self.closures = closures
    self.chain = chain
  }

  @inlinable
  func makePartial() -> Partial { BatchPartial(result: Result()) }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    if partial.decidedAt != .max { return units.upperBound }
    do throws(Failure) {
      let isExhausted = { unsafe Source.isExhausted(source) }
      defer { if isExhausted() { control.finishEverywhere() } }
      return try watch.forEachSlice(of: units, by: .spans, until: isExhausted) { (slice) throws(Failure) in
        // No slice has more elements than a sum of halves can take.
        var start = slice.lowerBound
        repeat {
          let end = min(slice.upperBound, start + HalvesSum<Int>.limit)
          partial.result.merge(try chain(unsafe ParallelBatch(source, closures, start..<end)))
          start = end
        } while start < slice.upperBound && !isExhausted()
        if partial.result.isDecided {
          partial.decidedAt = units.lowerBound
          control.finish(after: units.lowerBound)
        }
      }
    } catch {
      control.note(error, at: units.lowerBound)
      return units.upperBound
    }
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    left.result.merge(right.result)
    left.decidedAt = min(left.decidedAt, right.decidedAt)
  }
}

/// The merged result of some batches, and the first position of the batch that has decided it.
@usableFromInline
struct BatchPartial<Result> {
  @usableFromInline var result: Result
  @usableFromInline var decidedAt = Int.max

  @inlinable
  init(result: Result) { self.result = result }
}

extension ParallelSequence where Failure == Never {
  /// Runs a chain that is written in one closure on each batch of the loop, and returns the merged results.
  ///
  ///     let total = numbers.parallel.inEachBatch { batch in
  ///       batch.map { $0 &* factor }.filter { $0 != limit }.sum()
  ///     }
  ///
  /// The closure is called once for each part of the loop. Its chain becomes one loop over its batch, whatever its
  /// closures capture; <doc:Making-a-loop-fast> has the figures. Call it on the source: a closure of an earlier stage
  /// is called for each element.
  ///
  /// The result is that of the same chain without it. Where a batch ends is up to the loop; for `reduce` and
  /// floating-point sums, batches are blocks that depend on the number of positions and the minimum batch alone.
  ///
  /// - Precondition: A sum of integers has no more than 2³² elements in a batch.
  /// - Throws: The error of the first element in order for which a closure of the chain throws.
  /// - Complexity: Work O(*n*); span O(log *n*) and a batch.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func inEachBatch<Result: BatchResult, E>(
    _ chain: @escaping @Sendable (ParallelBatch<Self>) throws(E) -> Result
  ) throws(E) -> Result.Value {
    let plan = plan
    let lender = lendClosures()
    let blocks: ReductionBlocks? = Result.isGrouped ? fineBlocks : nil
    let control = LoopControl<E>(plan, unitSize: blocks?.size ?? 1)
    let merged = unsafe withSource { source in
      var partial = BatchPartial(result: Result())
      lender { closures in
        if let blocks {
          let body = BlockBody<Result, E>(
            combine: { (left, right) throws(E) in left.merge(right) },
            isExhausted: { unsafe Self.isExhausted(source) },
            { (unit) throws(E) in try chain(unsafe ParallelBatch(source, closures, blocks.positions(of: unit))) })
          var tree = unsafe runUnits(body, control, from: source, in: blocks)
          if let result = tree.finish({ left, right in left.merge(right) }) { partial.result = result }
        } else {
          partial = unsafe runUnits(BatchBody(source, closures, chain), control, from: source)
        }
      }
      return partial
    }
    try control.throwFirst(before: merged.decidedAt)
    return merged.result.finish()
  }
}
