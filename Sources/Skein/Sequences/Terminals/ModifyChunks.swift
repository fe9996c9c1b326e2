/// Changes chunks of contiguous memory in place; a unit is a chunk.
///
/// SAFETY: As for `ModifyBody`; chunks do not overlap.
@safe
@usableFromInline
struct ModifyChunksBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = Void

  @usableFromInline let elements: UnsafeMutableBufferPointer<Element>
  @usableFromInline let size: Int
  @usableFromInline let body: (Int, inout MutableSpan<Element>) throws(Failure) -> Void

  @inlinable
  init(
    _ elements: UnsafeMutableBufferPointer<Element>, size: Int,
    _ body: @escaping (Int, inout MutableSpan<Element>) throws(Failure) -> Void
  ) {
    unsafe self.elements = elements
    self.size = size
    self.body = body
  }

  @inlinable var count: Int { unsafe elements.count / size + (elements.count % size == 0 ? 0 : 1) }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Failure>, _ watch: inout BatchWatch
  ) -> Int {
    watch.forEach(in: units) { unit in
      let start = unit * size
      let end = unsafe elements.count - start > size ? start + size : elements.count
      var span = unsafe MutableSpan(_unsafeElements: UnsafeMutableBufferPointer(rebasing: elements[start..<end]))
      do throws(Failure) {
        try body(unit, &span)
        return true
      } catch {
        control.note(error, at: unit)
        return false
      }
    }
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Calls a closure with the index of each chunk of `count` neighbouring elements, and the chunk, which it may change
  /// in place; the last chunk may be shorter.
  ///
  ///     pixels.parallel.modifyEach(chunksOf: width) { y, row in
  ///       for x in row.indices { row[x] = shade(x, y) }
  ///     }
  ///
  /// The limits of batches count chunks.
  /// - Precondition: `count` is at least 1.
  /// - Throws: The error of the first chunk in order for which the closure throws. Chunks after it may have been changed or not.
  /// - Complexity: Work O(*n* / `count`) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public mutating func modifyEach<E>(
    chunksOf count: Int, _ body: @escaping @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void
  ) throws(E) {
    let plan = plan
    unsafe try withMutableElements { (elements) throws(E) in
      unsafe try Skein.modifyEach(chunkOf: elements, size: count, plan: plan, body)
    }
  }
}

@_alwaysEmitIntoClient
@inline(__always)
func modifyEach<Element, E>(
  chunkOf elements: UnsafeMutableBufferPointer<Element>, size: Int, plan: LoopPlan,
  _ body: @escaping @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void
) throws(E) {
  require(size >= 1, "chunks have at least 1 element, not \(size)")
  let control = LoopControl<E>(plan)
  let chunks = unsafe ModifyChunksBody(elements, size: size, body)
  runLoop(chunks, control, count: chunks.count, plan: plan)
  try control.throwFirst()
}

extension ParallelMutableBuffer {
  /// Calls a closure with each `count` neighbouring elements, which it may change; see ``ParallelElements/modifyEach(chunksOf:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func modifyEach<E>(
    chunksOf count: Int, _ body: @escaping @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void
  ) throws(E) {
    unsafe try Skein.modifyEach(chunkOf: base, size: count, plan: plan, body)
  }
}

extension ParallelInPlace {
  /// Calls a closure with each `count` neighbouring elements, which it may change; see ``ParallelElements/modifyEach(chunksOf:_:)``.
  @_alwaysEmitIntoClient
  @inline(__always)
  public borrowing func modifyEach<E>(
    chunksOf count: Int, _ body: @escaping @Sendable (_ index: Int, inout MutableSpan<Element>) throws(E) -> Void
  ) throws(E) {
    try withElements { (elements) throws(E) in try elements.modifyEach(chunksOf: count, body) }
  }
}
