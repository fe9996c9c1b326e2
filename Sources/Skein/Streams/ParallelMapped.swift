/// The elements of a sequence, transformed on several threads of a pool while those before them are used.
///
/// Made by `parallelMapped`; see there. It is a `Sequence` if its closure cannot throw. Otherwise its iterator throws:
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

  /// An iterator that has not pulled anything yet.
  public func makeIterator() -> Iterator { Iterator(window: MappedWindow(base.makeIterator(), limit, pool, transform)) }

  /// Hands on one result after the other. When it is gone, and all its copies, what has not been begun is destroyed.
  public struct Iterator {
    private let window: MappedWindow<Base.Iterator, Transformed, Failure>
    /// What is left of the batch that was taken last, the next result at the end.
    @usableFromInline var results: [Transformed] = []

    fileprivate init(window: MappedWindow<Base.Iterator, Transformed, Failure>) { self.window = window }

    /// The next result, for which the calling thread waits; nil at the end.
    /// - Throws: The error of the first element for which the closure has thrown, after all earlier results.
    @inlinable
    public mutating func next() throws(Failure) -> Transformed? { try nextResult() }

    @inlinable
    mutating func nextResult() throws(Failure) -> Transformed? {
      if results.count > 1 { return results.removeLast() }
      return try nextOrLast()
    }

    /// The last result of a batch, or the first of the next one.
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

  /// The next result, for which the calling thread waits; nil at the end.
  // The compiler (6.3) does not survive the other one as a witness.
  @inlinable
  public mutating func next() -> Transformed? { nextResult() }
}

extension Sequence where Element: Sendable {
  /// The elements of this sequence, transformed on several threads while those before them are used: a sequence of the results, in order.
  ///
  ///     for block in file.blocks.parallelMapped(maximumInFlight: 16, { compress($0) }) { output.write(block) }
  ///
  /// It is lazy: nothing happens before the first result is asked for, and never more is under way than stated. For asynchronous code there is
  /// `parallelStream`, and where all results are wanted at once, `Array(sequence.parallel.map { … })`.
  ///
  /// The closure runs on the workers of `pool`, several at a time, on those that wait for nothing. The sequence is run through by the thread that asks for results: while it
  /// has to wait, it pulls elements, as long as there is room. Then it blocks; a worker of the pool makes the result that it waits for itself, if
  /// nobody has begun that, and nothing else. So this works in a pool of one thread. The closure sees the task-local values that are seen
  /// where its element is pulled.
  ///
  /// *What is bounded.* An element is in flight from when it is pulled from this sequence until its result is handed on. At most
  /// `maximumInFlight` are. Cheap elements are handed to workers several at a time, if the limit leaves each worker several times as many.
  ///
  /// *The end.* The error of a closure comes after all earlier results, and then nil. When the iterator and its copies are gone, what has not
  /// been begun is destroyed; closures that run go to their end, and can see it by ``ThreadPool/isCancelled``.
  ///
  /// - Parameters:
  ///   - maximumInFlight: How many elements are in flight at most.
  ///   - pool: The pool to run in. By default the current one, or `ThreadPool.shared` outside any. It must not be shut down while the iterator is in use.
  ///   - transform: What makes a result of an element.
  /// - Precondition: `maximumInFlight` is at least 1.
  /// - Complexity: Work O(*n*) calls, and about a microsecond for each batch.
  @available(*, noasync, message: "use parallelStream, which suspends")
  public func parallelMapped<Transformed>(
    maximumInFlight: Int, in pool: ThreadPool? = nil, _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> ParallelMapped<Self, Transformed, Never> {
    ParallelMapped(self, StreamLimit(maximumInFlight: maximumInFlight), pool, transform)
  }

  /// As `parallelMapped(maximumInFlight:in:_:)` whose closure does not throw, with a closure that may; so the iterator throws, too.
  @available(*, noasync, message: "use parallelStream, which suspends")
  @_disfavoredOverload
  public func parallelMapped<Transformed, E>(
    maximumInFlight: Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> ParallelMapped<Self, Transformed, E> {
    ParallelMapped(self, StreamLimit(maximumInFlight: maximumInFlight), pool, transform)
  }

  /// As `parallelMapped(maximumInFlight:in:_:)`, with a limit in bytes.
  ///
  /// - Parameters:
  ///   - maximumInFlightBytes: An element is pulled only while those in flight cost less than this. What it costs is known only then, so
  ///     all of them cost less than this and one element more.
  ///   - cost: How many bytes an element and its result take. One that takes none counts as one byte, so that there is always a limit to their number.
  ///   - pool: The pool to run in.
  ///   - transform: What makes a result of an element.
  /// - Precondition: `maximumInFlightBytes` is at least 1, and no cost is negative.
  @available(*, noasync, message: "use parallelStream, which suspends")
  public func parallelMapped<Transformed>(
    maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) -> Transformed
  ) -> ParallelMapped<Self, Transformed, Never> {
    ParallelMapped(self, StreamLimit(maximumInFlightBytes: maximumInFlightBytes, cost: cost), pool, transform)
  }

  /// As `parallelMapped(maximumInFlightBytes:cost:in:_:)` whose closure does not throw, with a closure that may; so the iterator throws, too.
  @available(*, noasync, message: "use parallelStream, which suspends")
  @_disfavoredOverload
  public func parallelMapped<Transformed, E>(
    maximumInFlightBytes: Int, cost: @escaping @Sendable (Element) -> Int, in pool: ThreadPool? = nil,
    _ transform: @escaping @Sendable (Element) throws(E) -> Transformed
  ) -> ParallelMapped<Self, Transformed, E> {
    ParallelMapped(self, StreamLimit(maximumInFlightBytes: maximumInFlightBytes, cost: cost), pool, transform)
  }
}
