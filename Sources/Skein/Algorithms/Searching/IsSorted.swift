// Work O(n) comparisons; span O(log n) and the length of a batch; no scratch memory. Ends early.

/// The first and the last element of a batch, and whether a comparison has decided the answer.
@usableFromInline
struct SortedRun<Element> {
  @usableFromInline var first: Element?
  @usableFromInline var last: Element?
  @usableFromInline var isClosed = false

  @inlinable
  init(after last: Element?) { self.last = last }
}

/// What is known of the elements of a piece.
@usableFromInline
struct SortedPiece<Element> {
  /// Its first and last element, if there are any. Not on the stack, where the frames of a piece and its halves add up.
  @usableFromInline var ends: [Element] = []
  /// The positions of the piece, to tell whether its neighbour adjoins it.
  @usableFromInline var positions: Range<Int>?
  /// Whether nothing follows this run any more: there is a descent at its end, or a closure has thrown there, or the
  /// loop was over.
  @usableFromInline var isClosed = false
  /// The position of the descent, if any.
  @usableFromInline var disorder: Int?

  @inlinable
  init() {}
}

/// Looks for neighbours that are out of order.
@usableFromInline
struct SortedBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = SortedPiece<Element>

  /// Takes elements into a run; ends at the first element that is less than its predecessor.
  @usableFromInline let leaf: BoundLeaf<SortedRun<Element>, Failure>
  @usableFromInline let areInIncreasingOrder: (Element, Element) throws(Failure) -> Bool

  @inlinable
  init(
    _ leaf: BoundLeaf<SortedRun<Element>, Failure>,
    _ areInIncreasingOrder: @escaping (Element, Element) throws(Failure) -> Bool
  ) {
    self.leaf = leaf
    self.areInIncreasingOrder = areInIncreasingOrder
  }

  @inlinable
  func makePartial() -> Partial { SortedPiece() }

  // Not inlined, nor is `merge`: their frames hold elements, and the frames of a piece and its halves add up on the
  // stack.

  @inlinable
  @inline(never)
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    if partial.isClosed { return units.upperBound }
    var run = SortedRun(after: partial.ends.last)
    let reached = leaf.run(units, &run, control, &watch)
    let end = reached ?? units.upperBound
    if partial.ends.isEmpty {
      if let first = run.first, let last = run.last { partial.ends = [first, last] }
    } else if let last = run.last {
      partial.ends[1] = last
    }
    partial.isClosed = run.isClosed
    if partial.isClosed {
      partial.disorder = units.lowerBound
      control.finish(after: units.lowerBound)
    }
    partial.isClosed = partial.isClosed || reached == nil
    partial.positions = (partial.positions?.lowerBound ?? units.lowerBound)..<end
    return end
  }

  /// The comparison between two pieces precedes all others of the right one, so it counts as the last of the left one.
  @inlinable
  @inline(never)
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    if left.isClosed { return }
    guard let here = left.positions else {
      left = right
      return
    }
    // A piece that ran nothing began after the end of the loop, so nothing from there on is needed, unless everything
    // has arrived already: then there is nothing in between.
    guard let there = right.positions, here.upperBound == there.lowerBound || control.isOverEverywhere else {
      left.isClosed = !control.isOverEverywhere
      return
    }
    if let last = left.ends.last, let first = right.ends.first {
      do throws(Failure) {
        if try areInIncreasingOrder(first, last) {
          left.isClosed = true
          left.disorder = here.upperBound - 1
          control.finish(after: here.upperBound - 1)
          return
        }
      } catch {
        left.isClosed = true
        control.note(error, at: here.upperBound - 1)
        return
      }
    }
    if left.ends.isEmpty {
      left.ends = right.ends
    } else if let last = right.ends.last {
      left.ends[1] = last
    }
    left.positions = here.lowerBound..<there.upperBound
    left.isClosed = right.isClosed
    left.disorder = right.disorder
  }
}

extension ParallelSequence where Element: Sendable {
  @_alwaysEmitIntoClient
  @inline(__always)
  func findDisorder(
    _ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(Failure) -> Bool
  ) throws(Failure) -> Int? {
    let control = LoopControl<Failure>(plan)
    let run = withLeaf { (element, run: inout SortedRun<Element>) throws(Failure) in
      if let last = run.last {
        if try areInIncreasingOrder(element, last) {
          run.isClosed = true
          return false
        }
      } else {
        run.first = element
      }
      run.last = element
      return true
    } run: { leaf in
      unsafe runUnits(SortedBody(leaf, areInIncreasingOrder), control, from: leaf.source)
    }
    try control.throwFirst(before: run.disorder ?? .max)
    return run.disorder
  }

  /// Returns whether the elements are sorted by an order: whether no element is less than its predecessor.
  ///
  ///     let isRanked = players.parallel.isSorted { $0.score > $1.score }
  ///
  /// Ends soon after a pair is found that is out of order.
  ///
  /// - Parameter areInIncreasingOrder: A strict weak ordering, called with each element and its predecessor, in this
  ///   order.
  /// - Throws: The error that the sequential search would throw, unless a descent precedes it.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func isSorted(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) -> Bool
  ) throws(Failure) -> Bool {
    try findDisorder { areInIncreasingOrder($0, $1) } == nil
  }

  /// Like `isSorted(by:)`, with an order that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func isSorted<E>(
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> Bool where Failure == Never {
    try mayThrow(E.self).findDisorder(areInIncreasingOrder) == nil
  }
}

extension ParallelSequence where Element: Comparable & Sendable {
  /// Returns whether the elements are sorted: whether no element is less than its predecessor.
  ///
  /// Ends soon after a pair is found that is out of order. Floating-point NaNs come last, see <doc:Sorting>; so every
  /// result of `sorted()` is sorted.
  ///
  /// - Throws: The error that the sequential search would throw, unless a descent precedes it.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func isSorted() throws(Failure) -> Bool {
    if hasNaNs(Element.self) { return try findDisorder { precedesNumbersFirst($0, $1) } == nil }
    return try findDisorder { $0 < $1 } == nil
  }
}
