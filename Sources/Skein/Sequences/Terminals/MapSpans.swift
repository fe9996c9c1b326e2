/// Makes spans of new elements from spans of others, in uninitialised memory.
///
/// SAFETY: `memory` has room for every position and is the loop's alone; each position is written by one batch. `make`
/// reports how many elements it has initialised, so that exactly these are destroyed if the loop does not reach its
/// end.
@safe
@usableFromInline
struct MapSpansBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = InitializedRanges

  @usableFromInline let memory: UnsafeMutablePointer<Element>
  @usableFromInline let make: (Range<Int>, UnsafeMutablePointer<Element>, inout Int) throws(Failure) -> Void

  @inlinable
  init(
    _ memory: UnsafeMutablePointer<Element>,
    _ make: @escaping (Range<Int>, UnsafeMutablePointer<Element>, inout Int) throws(Failure) -> Void
  ) {
    unsafe self.memory = memory
    unsafe self.make = make
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    var end = units.lowerBound
    defer { partial.append(units.lowerBound..<end) }
    do throws(Failure) {
      return try watch.forEachSlice(of: units, by: .spans) { (slice) throws(Failure) in
        unsafe try make(slice, memory, &end)
      }
    } catch {
      control.note(error, at: units.lowerBound)
      return units.upperBound
    }
  }
}

extension ParallelSpanned {
  /// Returns an array of the elements that a closure makes from spans, which together are all elements, in order; it
  /// makes as many elements as the span has.
  ///
  ///     let scaled = samples.parallel.mapSpans { (span, output: inout OutputSpan<Float>) in
  ///       for index in span.indices { output.append(Float(span[index]) * factor) }
  ///     }
  ///
  /// The closure writes straight into the array. Where one span ends and the next begins is up to the loop.
  ///
  /// - Precondition: The closure appends exactly as many elements to its output as its span has.
  /// - Throws: The error of the first span in order for which the closure throws. Elements made before it are
  ///   destroyed.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls.
  @inlinable
  @inline(__always)
  public func mapSpans<New: Sendable, E>(
    _ transform: @escaping @Sendable (Span<Element>, inout OutputSpan<New>) throws(E) -> Void
  ) throws(E) -> [New] {
    let (count, plan) = (positionCount, plan)
    if count == 0 {
      plan.reportNothing()
      return []
    }
    let control = LoopControl<E>(plan)
    let collected = withSpans { spans in
      unsafe [New](uninitializedCount: count, for: plan) { buffer, initializedCount in
        let body = unsafe MapSpansBody<New, E>(buffer.baseAddress!) { (slice, memory, end) throws(E) in
          try spans.forEachSpan(at: slice) { (span, offset) throws(E) in
            let part = unsafe UnsafeMutableBufferPointer(start: memory + offset, count: span.count)
            end = offset
            unsafe try write(into: part, &end) { (output: inout OutputSpan<New>) throws(E) in
              try transform(span, &output)
            }
            require(
              end == offset + span.count,
              "mapSpans wants as many elements of a span as it has, \(span.count), not \(end - offset)")
          }
        }
        let ranges = runLoop(body, control, count: count, plan: plan)
        if ranges.isComplete(count) {
          initializedCount = count
        } else {
          // An error or a cancellation has left gaps, so there is nothing to return.
          unsafe ranges.destroyElements(of: buffer.baseAddress!)
        }
      }
    }
    try control.throwFirst()
    require(collected.count == count, "a parallel collection gave fewer elements than it said")
    return collected
  }
}

/// Lends uninitialised memory as an output span, and adds the number of elements written to `end`, whether the closure
/// throws or not.
@_alwaysEmitIntoClient
@inline(__always)
func write<Element, E: Error>(
  into memory: UnsafeMutableBufferPointer<Element>, _ end: inout Int,
  _ body: (inout OutputSpan<Element>) throws(E) -> Void
) throws(E) {
  var output = unsafe OutputSpan<Element>(buffer: memory, initializedCount: 0)
  var failure: E?
  do throws(E) {
    try body(&output)
  } catch {
    failure = error
  }
  end += unsafe output.finalize(for: memory)
  if let failure { throw failure }
}
