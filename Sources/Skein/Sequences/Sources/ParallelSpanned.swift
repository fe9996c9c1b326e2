/// A collection whose elements a loop can pass to a closure as spans: many neighbours at once, in contiguous memory.
///
/// The closure is called once for each part of the loop, not for each element, and loops over the span itself. So that
/// is one loop whatever the closure captures, and however much it does.
///
/// The elements of arrays, slices and buffers are lent in place. Those of other collections, such as ranges, are copied
/// for the duration of the call, a few at a time.
public protocol ParallelSpanned: ParallelCollection where Failure == Never, Element: Sendable {
  /// Calls `body` with the elements if they are in contiguous memory, and otherwise with nil.
  func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>?) -> Result) -> Result
}

extension ParallelElements: ParallelSpanned {
  @inlinable
  public func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>?) -> Result) -> Result {
    let result = base.withContiguousStorageIfAvailable { elements in
      require(elements.count == positionCount, "a collection has another number of elements than it says")
      return unsafe body(elements)
    }
    if let result { return result }
    return body(nil)
  }
}

extension ParallelIntegers: ParallelSpanned {
  /// - Precondition: The number of integers fits in an `Int`, so that each position holds one.
  @inlinable
  public func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>?) -> Result) -> Result {
    requireCountable()
    return body(nil)
  }
}

extension ParallelBuffer: ParallelSpanned {
  @inlinable
  public func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>?) -> Result) -> Result {
    unsafe body(base)
  }
}

extension ParallelMutableBuffer: ParallelSpanned {
  @inlinable
  public func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>?) -> Result) -> Result {
    unsafe body(UnsafeBufferPointer(base))
  }
}

extension ParallelSpan: ParallelSpanned {
  @inlinable
  public func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>?) -> Result) -> Result {
    lease.begin()
    defer { lease.end() }
    return unsafe body(elements)
  }
}

@available(macOS 26, iOS 26, tvOS 26, watchOS 26, visionOS 26, *)
extension ParallelInline: ParallelSpanned {
  @inlinable
  public func withContiguousElements<Result>(_ body: (UnsafeBufferPointer<Element>?) -> Result) -> Result {
    unsafe elements.span.withUnsafeBufferPointer { unsafe body($0) }
  }
}

/// The source of spans of the elements of a sequence.
///
/// SAFETY: Both pointers are valid until `withSpans` returns, and the loop runs inside it.
@safe
@usableFromInline
struct SpanSource<Sequence: ParallelSpanned> {
  @usableFromInline let elements: UnsafeBufferPointer<Sequence.Element>?
  @usableFromInline let source: UnsafeRawPointer

  @inlinable
  init(_ elements: UnsafeBufferPointer<Sequence.Element>?, _ source: UnsafeRawPointer) {
    unsafe self.elements = unsafe elements
    unsafe self.source = unsafe source
  }

  /// The number of elements copied at a time, if they must be.
  @inlinable static var copiedCount: Int { 1024 }

  /// Calls a closure with the elements at some positions, and the first of these positions: once, or with a few
  /// elements at a time.
  @inlinable
  @inline(__always)
  func forEachSpan<E: Error>(
    at positions: Range<Int>, _ body: (Span<Sequence.Element>, Int) throws(E) -> Void
  ) throws(E) {
    if let elements = unsafe elements {
      let part = unsafe UnsafeBufferPointer(rebasing: elements[positions])
      return unsafe try body(part.span, positions.lowerBound)
    }
    try forEachCopy(at: positions, body)
  }

  @inlinable
  @inline(never)
  func forEachCopy<E: Error>(
    at positions: Range<Int>, _ body: (Span<Sequence.Element>, Int) throws(E) -> Void
  ) throws(E) {
    unsafe try Scratch.with(Sequence.Element.self, count: min(positions.count, SpanSource.copiedCount)) {
      (memory) throws(E) in
      var start = positions.lowerBound
      while start < positions.upperBound {
        let part = start..<min(positions.upperBound, start + SpanSource.copiedCount)
        var next = unsafe memory
        _ = unsafe Sequence.forEachElement(
          from: source, at: part, closures: LentClosures(nil), state: &next,
          receive: { element, next in
            unsafe next.initialize(to: element)
            unsafe next += 1
            return true
          }, fail: { _, _ in })
        // SAFETY: a source passes on one element for each position.
        defer { unsafe memory.deinitialize(count: part.count) }
        unsafe try body(UnsafeBufferPointer(start: memory, count: part.count).span, part.lowerBound)
        start = part.upperBound
      }
    }
  }
}

extension ParallelSpanned {
  /// Calls `body` with the source of spans.
  @inlinable
  @inline(__always)
  func withSpans<Result>(_ body: (SpanSource<Self>) -> Result) -> Result {
    unsafe withSource { source in
      unsafe withContiguousElements { elements in unsafe body(SpanSource(elements, source)) }
    }
  }
}
