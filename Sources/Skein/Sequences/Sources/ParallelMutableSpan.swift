/// The elements of a mutable span, as a collection that can be changed in place; see `MutableSpan.withParallel`.
///
/// SAFETY: It exists only inside a ``ParallelInPlace``, which cannot leave the call that lends the span.
@safe
public struct MutableSpanElements<Element: Sendable>: RandomAccessCollection, MutableCollection, @unchecked Sendable {
  @usableFromInline let base: UnsafeMutableBufferPointer<Element>

  @inlinable
  init(_ base: UnsafeMutableBufferPointer<Element>) { unsafe self.base = unsafe base }

  @inlinable public var startIndex: Int { 0 }
  @inlinable public var endIndex: Int { unsafe base.count }

  @inlinable
  public subscript(position: Int) -> Element {
    get {
      require(indices.contains(position), "there is no element \(position) in a span of \(count)")
      return unsafe base[position]
    }
    set {
      require(indices.contains(position), "there is no element \(position) in a span of \(count)")
      unsafe base[position] = newValue
    }
  }

  @inlinable
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? { unsafe try body(UnsafeBufferPointer(base)) }

  @inlinable
  public mutating func withContiguousMutableStorageIfAvailable<Result>(
    _ body: (inout UnsafeMutableBufferPointer<Element>) throws -> Result
  ) rethrows -> Result? {
    var elements = unsafe base
    return unsafe try body(&elements)
  }
}

extension MutableSpan where Element: Sendable {
  /// Lends the elements of this span to a closure, to be changed in parallel, in place.
  ///
  ///     span.withParallel { $0.modifyEach { $0 *= 2 } }
  ///
  /// To read them, lend those of its `span`: `span.span.withParallel { $0.sum() }`. For raw bytes:
  /// `bytes.withUnsafeMutableBytes { $0.parallel.modifyEach { … } }`.
  ///
  /// - Parameters:
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any.
  ///   - minimumBatch: No worker is given fewer elements than this at once (except the rest at the end).
  ///   - maximumBatch: No worker runs more elements than this without checking whether another worker is hungry.
  ///   - maximumInFlight: At most this many iterations are open at once.
  ///   - body: Runs at once, on the calling thread. Its argument cannot leave it.
  /// - Throws: The error of the closure.
  /// - Precondition: All numbers are at least 1.
  @inlinable
  public mutating func withParallel<Result, E: Error>(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max,
    _ body: (consuming ParallelInPlace<MutableSpanElements<Element>>) throws(E) -> Result
  ) throws(E) -> Result {
    let plan = LoopPlan(
      pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
    return unsafe try withUnsafeMutableBufferPointer { (elements) throws(E) in
      var elements = unsafe MutableSpanElements(elements)
      return try body(ParallelInPlace(&elements, plan: plan))
    }
  }
}
