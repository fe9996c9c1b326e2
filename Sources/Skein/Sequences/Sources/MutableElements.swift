extension ParallelElements where Base: MutableCollection {
  /// Calls `body` with the elements, which it may change in place.
  ///
  /// If a collection does not lend its memory for writing, like Foundation's `Data`, its elements are copied out and
  /// written back.
  @_alwaysEmitIntoClient
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
    guard let result else { return unsafe try withCopiedElements(body) }
    return try result.get()
  }

  /// Calls `body` with a copy of the elements and writes them back, whether it throws or not.
  /// - Complexity: O(*n*), on the calling thread; scratch for *n* elements.
  @inlinable
  @inline(never)
  mutating func withCopiedElements<Result, E: Error>(
    _ body: (UnsafeMutableBufferPointer<Element>) throws(E) -> Result
  ) throws(E) -> Result {
    var copy = ContiguousArray(base)
    defer {
      var index = base.startIndex
      for element in copy {
        base[index] = element
        base.formIndex(after: &index)
      }
    }
    // A contiguous array always lends its memory.
    let result: Swift.Result<Result, E>? = unsafe copy.withContiguousMutableStorageIfAvailable { elements in
      do throws(E) {
        return unsafe .success(try body(elements))
      } catch {
        return .failure(error)
      }
    }
    return try result!.get()
  }

  /// Returns the distance of an index from the start.
  @inlinable
  func offset(_ index: Base.Index) -> Int { base.distance(from: base.startIndex, to: index) }
}
