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
