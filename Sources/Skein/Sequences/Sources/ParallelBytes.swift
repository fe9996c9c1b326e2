// Bytes, and parts of buffers. SAFETY: as for `ParallelBuffer` and `ParallelMutableBuffer`. Memory of any type may be
// read and written as bytes.

extension UnsafeRawBufferPointer {
  /// The bytes of this buffer, to be processed in parallel.
  @inlinable
  public var parallel: ParallelBuffer<UInt8> { unsafe parallel() }

  /// Returns the bytes of this buffer, to be processed in parallel as the parameters say.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelBuffer<UInt8> {
    unsafe UnsafeBufferPointer(start: baseAddress?.assumingMemoryBound(to: UInt8.self), count: count).parallel(
      in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
  }
}

extension UnsafeMutableRawBufferPointer {
  /// The bytes of this buffer, to be processed or modified in parallel.
  @inlinable
  public var parallel: ParallelMutableBuffer<UInt8> { unsafe parallel() }

  /// Returns the bytes of this buffer, to be processed or modified in parallel as the parameters say.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelMutableBuffer<UInt8> {
    unsafe UnsafeMutableBufferPointer(start: baseAddress?.assumingMemoryBound(to: UInt8.self), count: count).parallel(
      in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
  }
}

extension Slice where Base == UnsafeRawBufferPointer {
  /// The bytes of this part of a buffer, to be processed in parallel.
  @inlinable
  public var parallel: ParallelBuffer<UInt8> { unsafe parallel() }

  /// Returns the bytes of this part of a buffer, to be processed in parallel as the parameters say.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelBuffer<UInt8> {
    unsafe UnsafeRawBufferPointer(rebasing: self).parallel(
      in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
  }
}

extension Slice where Base == UnsafeMutableRawBufferPointer {
  /// The bytes of this part of a buffer, to be processed or modified in parallel.
  @inlinable
  public var parallel: ParallelMutableBuffer<UInt8> { unsafe parallel() }

  /// Returns the bytes of this part of a buffer, to be processed or modified in parallel as the parameters say.
  @inlinable
  public func parallel(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelMutableBuffer<UInt8> {
    unsafe UnsafeMutableRawBufferPointer(rebasing: self).parallel(
      in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
  }
}

extension Slice {
  /// Returns the elements of this part of a buffer, to be processed in parallel as the parameters say.
  @inlinable
  public func parallel<Item: Sendable>(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelBuffer<Item> where Base == UnsafeBufferPointer<Item> {
    unsafe UnsafeBufferPointer(rebasing: self).parallel(
      in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
  }

  /// Returns the elements of this part of a buffer, to be processed or modified in parallel as the parameters say.
  @inlinable
  public func parallel<Item: Sendable>(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max
  ) -> ParallelMutableBuffer<Item> where Base == UnsafeMutableBufferPointer<Item> {
    unsafe UnsafeMutableBufferPointer(rebasing: self).parallel(
      in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight)
  }
}

extension RawSpan {
  /// Lends the bytes of this span to a closure, to be processed in parallel; see `Span.withParallel`.
  @inlinable
  public func withParallel<Result, E: Error>(
    in pool: ThreadPool? = nil, minimumBatch: Int = 1, maximumBatch: Int = .max, maximumInFlight: Int = .max,
    _ body: (ParallelSpan<UInt8>) throws(E) -> Result
  ) throws(E) -> Result {
    try Span<UInt8>(_bytes: self).withParallel(
      in: pool, minimumBatch: minimumBatch, maximumBatch: maximumBatch, maximumInFlight: maximumInFlight, body)
  }
}
