/// Gathers elements of two kinds whose counts are not known; see `GatherBody`.
@usableFromInline
struct PairGatherBody<First, Second, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = ChunkPair<First, Second>

  @usableFromInline let leaf: BoundLeaf<ChunkPair<First, Second>.Lists, Failure>

  @inlinable
  init(_ leaf: BoundLeaf<ChunkPair<First, Second>.Lists, Failure>) { self.leaf = leaf }

  @inlinable
  func makePartial() -> Partial { ChunkPair() }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    var lists = ChunkPair<First, Second>.Lists(
      first: Chunk.List(last: partial.first.popLast() ?? Chunk(capacity: 16)),
      second: Chunk.List(last: partial.second.popLast() ?? Chunk(capacity: 16)))
    let reached = leaf.run(units, &lists, control, &watch)
    partial.first.append(contentsOf: lists.first.full)
    partial.first.append(lists.first.last)
    partial.second.append(contentsOf: lists.second.full)
    partial.second.append(lists.second.last)
    return reached ?? units.upperBound
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    left.first.append(contentsOf: right.first)
    left.second.append(contentsOf: right.second)
  }
}

/// The chunks of a piece that gathers two kinds of elements.
@usableFromInline
struct ChunkPair<First, Second> {
  @usableFromInline var first: [Chunk<First>] = []
  @usableFromInline var second: [Chunk<Second>] = []

  @inlinable
  init() {}

  /// The lists that a batch appends to.
  @usableFromInline
  struct Lists {
    @usableFromInline var first: Chunk<First>.List
    @usableFromInline var second: Chunk<Second>.List

    @inlinable
    init(first: Chunk<First>.List, second: Chunk<Second>.List) {
      self.first = first
      self.second = second
    }
  }

  @inlinable
  func destroy() {
    for chunk in first { chunk.destroy() }
    for chunk in second { chunk.destroy() }
  }
}

extension ParallelSequence {
  /// Gathers elements of two kinds, each in order.
  /// - Parameter receive: Appends its results for an element to the lists.
  @_alwaysEmitIntoClient
  @inline(__always)
  func gatherPairs<First: Sendable, Second: Sendable>(
    _ receive: @escaping (Element, inout ChunkPair<First, Second>.Lists) throws(Failure) -> Bool
  ) throws(Failure) -> ([First], [Second]) {
    let control = LoopControl<Failure>(plan)
    let chunks = withLeaf(receive) { leaf in unsafe runUnits(PairGatherBody(leaf), control, from: leaf.source) }
    do throws(Failure) {
      try control.throwFirst()
    } catch {
      chunks.destroy()
      throw error
    }
    return (Array(movedFrom: chunks.first, in: plan.pool), Array(movedFrom: chunks.second, in: plan.pool))
  }
}

extension ParallelSequence where Element: Sendable {
  /// Returns the elements that do not satisfy a condition, and those that do, each in order.
  ///
  /// - Returns: First the elements for which the condition is false, as after the standard library's `partition(by:)`.
  /// - Throws: The error of the first element in order whose closures throw. Elements made before it are destroyed.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func partitioned(
    by belongsInSecond: @escaping @Sendable (Element) -> Bool
  ) throws(Failure) -> (falseElements: [Element], trueElements: [Element]) {
    let (first, second): ([Element], [Element]) = try map { (belongsInSecond($0), $0) }.gatherPairs {
      (marked, lists) throws(Failure) in
      if marked.0 { lists.second.append(marked.1) } else { lists.first.append(marked.1) }
      return true
    }
    return (first, second)
  }

  /// Like `partitioned(by:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func partitioned<E>(
    by belongsInSecond: @escaping @Sendable (Element) throws(E) -> Bool
  ) throws(E) -> (falseElements: [Element], trueElements: [Element]) where Failure == Never {
    let marked = map { (element) throws(E) in (try belongsInSecond(element), element) }
    let (first, second): ([Element], [Element]) = try marked.gatherPairs { (marked, lists) throws(E) in
      if marked.0 { lists.second.append(marked.1) } else { lists.first.append(marked.1) }
      return true
    }
    return (first, second)
  }
}
