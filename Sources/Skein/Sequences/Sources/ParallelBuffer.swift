/// The elements of a buffer, in parallel.
///
/// SAFETY: the caller vouches for the buffer until the terminal has returned, and that nobody else changes
/// its elements meanwhile.
@safe
public struct ParallelBuffer<Element: Sendable>: ParallelCollection, @unchecked Sendable {
  @usableFromInline let base: UnsafeBufferPointer<Element>
  public var plan: LoopPlan

  @inlinable
  init(_ base: UnsafeBufferPointer<Element>, plan: LoopPlan) {
    unsafe self.base = base
    self.plan = plan
  }

  @inlinable
  public var positionCount: Int { unsafe base.count }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    // An empty buffer may have no address; then nothing is read.
    unsafe body(
      base.baseAddress.map { unsafe UnsafeRawPointer($0) } ?? UnsafeRawPointer(
        bitPattern: MemoryLayout<Element>.alignment)!)
  }

  @inlinable
  @inline(__always)
  public func makeLeaf<State>(
    _ receive: @escaping (Element, inout State) -> Bool, fail: @escaping (Failure, inout State) -> Void
  ) -> ParallelLeaf<State> {
    { source, positions, state in
      let elements = unsafe source.assumingMemoryBound(to: Element.self)
      return withLocal(&state) { state in
        for index in positions where unsafe !receive(elements[index], &state) { return false }
        return true
      }
    }
  }
}

extension UnsafeBufferPointer where Element: Sendable {
  /// The elements of this buffer, to be processed in parallel.
  @inlinable
  public var parallel: ParallelBuffer<Element> { unsafe ParallelBuffer(self, plan: LoopPlan()) }

  /// The elements of this buffer, to be processed in parallel in a way of your choice.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelBuffer<Element> {
    unsafe ParallelBuffer(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

extension UnsafeMutableBufferPointer where Element: Sendable {
  /// The elements of this buffer, to be processed or modified in parallel.
  @inlinable
  public var parallel: ParallelMutableBuffer<Element> { unsafe ParallelMutableBuffer(self, plan: LoopPlan()) }

  /// The elements of this buffer, to be processed or modified in parallel in a way of your choice.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelMutableBuffer<Element> {
    unsafe ParallelMutableBuffer(
      self,
      plan: LoopPlan(
        pool: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight))
  }
}

/// The elements of a buffer that may be changed in place, in parallel.
///
/// SAFETY: as for `ParallelBuffer`; a loop hands each element to one thread.
@safe
public struct ParallelMutableBuffer<Element: Sendable>: ParallelCollection, @unchecked Sendable {
  @usableFromInline let base: UnsafeMutableBufferPointer<Element>
  public var plan: LoopPlan

  @inlinable
  init(_ base: UnsafeMutableBufferPointer<Element>, plan: LoopPlan) {
    unsafe self.base = base
    self.plan = plan
  }

  @inlinable
  var elements: ParallelBuffer<Element> { unsafe ParallelBuffer(UnsafeBufferPointer(base), plan: plan) }

  @inlinable
  public var positionCount: Int { unsafe base.count }

  @inlinable
  @inline(__always)
  public func withSource<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result { unsafe elements.withSource(body) }

  @inlinable
  @inline(__always)
  public func makeLeaf<State>(
    _ receive: @escaping (Element, inout State) -> Bool, fail: @escaping (Failure, inout State) -> Void
  ) -> ParallelLeaf<State> {
    unsafe elements.makeLeaf(receive, fail: fail)
  }
}
