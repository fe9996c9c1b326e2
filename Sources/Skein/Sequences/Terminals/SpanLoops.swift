/// Runs a closure over its units, slice by slice.
@usableFromInline
struct SliceBody<Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = Void

  @usableFromInline let body: (Range<Int>) throws(Failure) -> Void

  @inlinable
  init(_ body: @escaping (Range<Int>) throws(Failure) -> Void) { self.body = body }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Failure>, _ watch: inout BatchWatch
  ) -> Int {
    do throws(Failure) {
      return try watch.forEachSlice(of: units, by: .spans, body)
    } catch {
      control.note(error, at: units.lowerBound)
      return units.upperBound
    }
  }
}

extension ParallelSpanned {
  /// Calls a closure with spans, which together are all elements, and with the number of elements before each; in any
  /// order, on several threads at once.
  ///
  ///     samples.parallel.forEachSpan { span, offset in
  ///       for index in span.indices { histogram.add(span[index], at: offset + index) }
  ///     }
  ///
  /// Where one span ends and the next begins is up to the loop: it divides when another worker is hungry, and a span is
  /// never longer than `maximumBatch`. See <doc:Making-a-loop-fast>.
  ///
  /// - Throws: The error of the first span in order for which the closure throws. If the closure throws at the first
  ///   element that it rejects, that is the error of the sequential loop. Spans after that one are not begun any more.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls.
  @inlinable
  @inline(__always)
  public func forEachSpan<E>(_ body: @escaping @Sendable (Span<Element>, Int) throws(E) -> Void) throws(E) {
    let control = LoopControl<E>(plan)
    let (count, plan) = (positionCount, plan)
    withSpans { spans in
      let loop = SliceBody<E> { (slice) throws(E) in try spans.forEachSpan(at: slice, body) }
      runLoop(loop, control, count: count, plan: plan)
    }
    try control.throwFirst()
  }

  /// Folds each of a fixed number of blocks, a span each, into a value, then combines the values of neighbours.
  ///
  ///     let norm = samples.parallel.reduceSpans(into: 0.0) { sum, span, _ in
  ///       for index in span.indices { sum += span[index] * span[index] * weight }
  ///     } combine: { $0 += $1 }
  ///
  /// The blocks depend on the number of elements and the minimum batch alone, so a floating-point result has the same bits at
  /// every number of threads.
  ///
  /// - Parameters:
  ///   - initial: The value that each block starts with; it must be neutral: combining it with any value changes
  ///     nothing.
  ///   - fold: Adds a span to a block's value. It is also passed the number of elements before the span.
  ///   - combine: Adds the value of the blocks to the right to that of the blocks to the left. It must be associative,
  ///     and folding all elements into one value must equal folding two runs of them and combining the results.
  /// - Throws: The error of the first span in order for which a closure throws.
  /// - Complexity: Work O(*n*); span O(log *n*) combinations and a block of at most 4096 elements (or the minimum batch).
  @inlinable
  @inline(__always)
  public func reduceSpans<Value: Sendable, E>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Span<Element>, Int) throws(E) -> Void,
    combine: @escaping @Sendable (inout Value, Value) throws(E) -> Void
  ) throws(E) -> Value {
    let blocks = ReductionBlocks(
      positionCount: positionCount, minimumBatch: plan.minimumBatch, pieces: 64, largest: 4096)
    let control = LoopControl<E>(plan, unitSize: blocks.size)
    let plan = plan
    let merge = { (left: inout Value, right: consuming Value) throws(E) in try combine(&left, right) }
    var tree = withSpans { spans in
      let loop = BlockBody<Value, E>(combine: merge) { (unit) throws(E) in
        var value = initial
        try spans.forEachSpan(at: blocks.positions(of: unit)) { (span, offset) throws(E) in
          try fold(&value, span, offset)
        }
        return value
      }
      return runLoop(loop, control, count: blocks.count, unitSize: blocks.size, plan: plan)
    }
    try control.throwFirst()
    return try tree.finish(merge) ?? initial
  }
}

/// Makes values of fixed blocks and combines them in a fixed tree.
@usableFromInline
struct BlockBody<Value, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = ReductionTree<Value>

  /// Returns the value of a block.
  @usableFromInline let make: (_ unit: Int) throws(Failure) -> Value
  @usableFromInline let combine: (inout Value, consuming Value) throws(Failure) -> Void
  /// Whether blocks that have not been begun have no elements; see `ParallelSequence`.
  @usableFromInline let isExhausted: () -> Bool

  @inlinable
  init(
    combine: @escaping (inout Value, consuming Value) throws(Failure) -> Void,
    isExhausted: @escaping () -> Bool = { false }, _ make: @escaping (_ unit: Int) throws(Failure) -> Value
  ) {
    self.make = make
    self.combine = combine
    self.isExhausted = isExhausted
  }

  @inlinable
  func makePartial() -> Partial { ReductionTree() }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    watch.forEach(in: units) { unit in
      do throws(Failure) {
        try partial.append(try make(unit), unit: unit, combine)
        if isExhausted() { control.finishEverywhere() }
        return !control.isOverEverywhere
      } catch {
        control.note(error, at: unit)
        return false
      }
    }
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    left.merge(right, control, combine)
  }
}
