/// The elements of a sequence, transformed on several threads of a pool while earlier results are used.
///
/// Made by `parallelMapped`, which describes it. It is a `Sequence` if its closure cannot throw. Otherwise it is not
/// one; its iterator is used directly, and throws:
///
///     var pages = names.parallelMapped(maximumInFlight: 16) { try render($0) }.makeIterator()
///     while let page = try pages.next() { show(page) }
public struct ParallelMapped<Base: Sequence, Transformed: Sendable, Failure: Error> where Base.Element: Sendable {
  private let base: Base
  private let limit: StreamLimit<Base.Element>
  private let pool: ThreadPool
  private let transform: @Sendable (Base.Element) throws(Failure) -> Transformed

  init(
    _ base: Base, _ limit: StreamLimit<Base.Element>, _ pool: ThreadPool?,
    _ transform: @escaping @Sendable (Base.Element) throws(Failure) -> Transformed
  ) {
    self.base = base
    self.limit = limit
    self.pool = pool ?? .current ?? .shared
    self.transform = transform
  }

  /// Returns an iterator, which has not pulled anything yet.
  public func makeIterator() -> Iterator { Iterator(window: MappedWindow(base.makeIterator(), limit, pool, transform)) }

  /// An iterator that returns one result after another. When it and all its copies are gone, elements whose closure has
  /// not begun are destroyed.
  public struct Iterator {
    private let window: MappedWindow<Base.Iterator, Transformed, Failure>
    /// The rest of the batch that was taken last, in reverse order.
    @usableFromInline var results: [Transformed] = []

    fileprivate init(window: MappedWindow<Base.Iterator, Transformed, Failure>) { self.window = window }

    /// Returns the next result, blocking the calling thread until it exists; nil at the end.
    /// - Throws: The error of the first element for which the closure has thrown, after all earlier results.
    @inlinable
    public mutating func next() throws(Failure) -> Transformed? { try nextResult() }

    @inlinable
    mutating func nextResult() throws(Failure) -> Transformed? {
      if results.count > 1 { return results.removeLast() }
      return try nextOrLast()
    }

    /// Returns the last result of a batch, or the first of the next one.
    @usableFromInline
    mutating func nextOrLast() throws(Failure) -> Transformed? {
      while results.isEmpty {
        guard let next = try window.nextBatch() else { return nil }
        results = next
      }
      if results.count == 1 { window.releaseBatch() }
      return results.removeLast()
    }
  }
}

extension ParallelMapped: Sequence where Failure == Never {
  public typealias Element = Transformed
}

extension ParallelMapped.Iterator: IteratorProtocol where Failure == Never {
  public typealias Element = Transformed

  /// Returns the next result, blocking the calling thread until it exists; nil at the end.
  // Declared separately because the 6.3 compiler crashes if the throwing `next` is the witness.
  @inlinable
  public mutating func next() -> Transformed? { nextResult() }
}

extension Sequence where Element: Sendable {
  /// Returns a sequence of the elements transformed on several threads while earlier results are used; results are in
  /// order.
  ///
  ///     for block in file.blocks.parallelMapped(maximumInFlight: 16, { compress($0) }) { output.write(block) }
  ///
  /// The sequence is lazy: nothing happens before the first result is requested, and the number of elements in flight
  /// never exceeds the limit. For asynchronous code there is `parallelStream`. If all results are wanted at once, use
  /// `Array(sequence.parallel.map { … })`.
  ///
  /// The closure runs on several workers of `pool` at a time, on those that wait for nothing. The thread that requests
  /// results traverses the sequence: while the next result does not exist, the thread pulls elements, as long as there
  /// is room. Then it blocks. If it is a worker of the pool, and the result that it waits for has not been begun, the
  /// worker makes that result itself; it runs nothing else meanwhile. So this works in a pool of one thread. (A worker
  /// does not fill a large window while nothing in it is begun: after some batches for each thread it blocks, or makes
  /// its result.) The closure sees the task-local values that are set where its element is pulled.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is returned.
  /// At most `maximumInFlight` elements are in flight. Cheap elements are submitted to workers several at a time, if
  /// the limit leaves each worker several such batches.
  ///
  /// A pool whose work requests the results accepts what the closures call there, even if it is being shut down: like
  /// all that its work does.
  ///
  /// *The end.* The error of a closure is thrown after all earlier results have been returned; after it, `next` returns
  /// nil. When the iterator and its copies are gone, elements whose closure has not begun are destroyed. Closures that
  /// are running continue to their end, and can check ``ThreadPool/isCancelled``: it is true when the iterator is gone;
  /// when the call in which the element was pulled has been cancelled, or its deadline has passed; and, while the thread
  /// waits for a result, when the task on whose behalf it does so has been cancelled.
  ///
  /// - Parameters:
  ///   - maximumInFlight: The maximum number of elements in flight.
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any pool. It must not be
  ///     shut down while the iterator is in use.
  ///   - transform: Makes the result of an element.
  /// - Precondition: `maximumInFlight` is at least 1.
  /// - Complexity: Work O(*n*) calls, and about a microsecond for each batch.
  @available(*, noasync, message: "use parallelStream, which suspends")
  public func parallelMapped<Transformed>(
    maximumInFlight: Int, in pool: ThreadPool? = nil, _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> ParallelMapped<Self, Transformed, Never> {
    ParallelMapped(self, StreamLimit(maximumInFlight: maximumInFlight), pool, transform)
  }

  /// Like `parallelMapped(maximumInFlight:in:_:)`, with a closure that may throw, so the iterator may throw as well.
  @available(*, noasync, message: "use parallelStream, which suspends")
  @_disfavoredOverload
  public func parallelMapped<Transformed, E>(
    maximumInFlight: Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> ParallelMapped<Self, Transformed, E> {
    ParallelMapped(self, StreamLimit(maximumInFlight: maximumInFlight), pool, transform)
  }

  /// Like `parallelMapped(maximumInFlight:in:_:)`, with a limit in bytes.
  ///
  /// - Parameters:
  ///   - maximumInFlightBytes: An element is pulled only while those in flight cost less than this. Its own cost is
  ///     known only then, so the total may exceed this by the cost of one element.
  ///   - cost: The number of bytes that an element and its result take. Zero counts as one byte, so that there is
  ///     always a limit to the number of elements.
  ///   - pool: The pool to run in.
  ///   - transform: Makes the result of an element.
  /// - Precondition: `maximumInFlightBytes` is at least 1, and no cost is negative.
  @available(*, noasync, message: "use parallelStream, which suspends")
  public func parallelMapped<Transformed>(
    maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> ParallelMapped<Self, Transformed, Never> {
    ParallelMapped(self, StreamLimit(maximumInFlightBytes: maximumInFlightBytes, cost: cost), pool, transform)
  }

  /// Like `parallelMapped(maximumInFlightBytes:cost:in:_:)`, with a closure that may throw, so the iterator may throw
  /// as well.
  @available(*, noasync, message: "use parallelStream, which suspends")
  @_disfavoredOverload
  public func parallelMapped<Transformed, E>(
    maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> ParallelMapped<Self, Transformed, E> {
    ParallelMapped(self, StreamLimit(maximumInFlightBytes: maximumInFlightBytes, cost: cost), pool, transform)
  }
}
