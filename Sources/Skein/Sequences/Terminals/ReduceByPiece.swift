/// Folds each run of neighbours that one thread processes into one value.
@usableFromInline
struct PieceBody<Value, Failure: Error>: LoopBody {
  /// The values of runs, left to right; a single one as long as no part of the loop has been stolen. Not on the stack,
  /// where the frames of a piece and its halves add up.
  @usableFromInline typealias Partial = [Value]

  @usableFromInline let leaf: BoundLeaf<Value, Failure>
  /// Makes the value of a run before its first element, from that element's position.
  @usableFromInline let start: (Int) -> Value
  /// Combines the values of neighbours: adds the right one to the left one. Nil if they are kept separate.
  @usableFromInline let combine: ((inout Value, consuming Value) throws(Failure) -> Void)?

  @inlinable
  init(
    _ leaf: BoundLeaf<Value, Failure>, start: @escaping (Int) -> Value,
    combine: ((inout Value, consuming Value) throws(Failure) -> Void)?
  ) {
    self.leaf = leaf
    self.start = start
    self.combine = combine
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    if partial.isEmpty { partial.append(start(units.lowerBound)) }
    return leaf.run(units, &partial[partial.count - 1], control, &watch) ?? units.upperBound
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    guard let combine, !left.isEmpty else {
      left.append(contentsOf: right)
      return
    }
    // If values are combined, a piece has at most one.
    guard let value = right.popLast() else { return }
    do throws(Failure) {
      try combine(&left[left.count - 1], value)
    } catch {
      control.note(error, at: .max - 2)  // behind every element
    }
  }
}

extension ParallelSequence {
  /// Folds all elements by piece.
  /// - Parameter prepare: Called with a value before elements are added to it, by each batch.
  /// - Returns: The combined value, or the uncombined values, left to right; empty if there are no positions.
  @_alwaysEmitIntoClient
  @inline(__always)
  func reducePieces<Value>(
    start: @escaping (Int) -> Value, fold: @escaping (Element, inout Value) throws(Failure) -> Bool,
    combine: ((inout Value, consuming Value) throws(Failure) -> Void)?,
    prepare: @escaping (inout Value) -> Void = { _ in }
  ) throws(Failure) -> [Value] {
    let control = LoopControl<Failure>(plan)
    let values = withLeaf(fold, prepare: prepare) { leaf in
      unsafe runUnits(PieceBody(leaf, start: start, combine: combine), control, from: leaf.source)
    }
    try control.throwFirst()
    return values
  }

  /// Folds all elements into values that start as `initial`, one for each run of neighbours that a thread processes,
  /// and combines these.
  ///
  ///     let histogram = bytes.parallel.reduceByPiece(into: [Int](repeating: 0, count: 256)) {
  ///       $0[Int($1)] += 1
  ///     } combine: { counts, others in
  ///       for value in 0..<256 { counts[value] += others[value] }
  ///     }
  ///
  /// This differs from `reduce(into:_:combine:)` in one respect: that one folds blocks which depend on the number of
  /// positions alone, this one folds runs as long as a thread happens to process. So there are hardly more values than
  /// threads, and a single thread makes one; but which elements are folded together may differ from run to run. It is
  /// meant for values whose combination is exact, such as counts, sets, tables, and text. For floating-point sums use
  /// `reduce(into:_:combine:)`.
  ///
  /// - Parameters:
  ///   - initial: The start of each value. It must be neutral: combining it with another value changes nothing.
  ///   - fold: Adds an element to a value.
  ///   - combine: Adds the value of the elements to the right to that of the elements to the left. Folding all elements
  ///     must equal folding two runs of them and combining the two values.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) calls of `fold`, and one of `combine` for each time that a thread steals work from
  ///   another one; span O(log *n*) calls of `combine` and the longest of the other calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func reduceByPiece<Value: Sendable>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) -> Void,
    combine: @escaping @Sendable (inout Value, Value) -> Void
  ) throws(Failure) -> Value {
    try reducePieces(
      start: { _ in initial },
      fold: { (element, value) throws(Failure) in
        fold(&value, element)
        return true
      },
      combine: { (left, right) throws(Failure) in combine(&left, right) }
    ).first ?? initial
  }

  /// Folds all elements into arrays; otherwise like the form for values of any type. A closure that captures nothing may
  /// change elements of its array as fast as in a sequential loop: the array of each run is a copy of `initial` from the
  /// beginning, also if nothing in it is changed.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func reduceByPiece<Item: Sendable>(
    into initial: [Item], _ fold: @escaping @Sendable (inout [Item], Element) -> Void,
    combine: @escaping @Sendable (inout [Item], [Item]) -> Void
  ) throws(Failure) -> [Item] {
    try reducePieces(
      start: { _ in initial },
      fold: { (element, value) throws(Failure) in
        fold(&value, element)
        return true
      },
      combine: { (left, right) throws(Failure) in combine(&left, right) },
      prepare: makeUnique
    ).first ?? initial
  }

  /// Like `reduceByPiece(into:_:combine:)`, with closures that may throw. An error of an element takes precedence over
  /// one of `combine`.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func reduceByPiece<Value: Sendable, E>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) throws(E) -> Void,
    combine: @escaping @Sendable (inout Value, Value) throws(E) -> Void
  ) throws(E) -> Value where Failure == Never {
    try mayThrow(E.self).reducePieces(
      start: { _ in initial },
      fold: { (element, value) throws(E) in
        try fold(&value, element)
        return true
      },
      combine: { (left, right) throws(E) in try combine(&left, right) }
    ).first ?? initial
  }

  /// Folds all elements into values that start as `initial`, one for each run of neighbours that a thread processes.
  ///
  ///     let files = urls.parallel.partialResults(into: Archive()) { $0.append($1) }
  ///
  /// - Returns: The values, in the order of the elements that were folded into them: there are hardly more than
  ///   threads, and a single thread makes one. Where one run ends and the next begins may differ each time.
  /// - Throws: The error of the first element in order whose closures throw.
  /// - Complexity: Work O(*n*) calls; span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func partialResults<Value: Sendable>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) -> Void
  ) throws(Failure) -> [Value] {
    try reducePieces(
      start: { _ in initial },
      fold: { (element, value) throws(Failure) in
        fold(&value, element)
        return true
      }, combine: nil)
  }

  /// Like `partialResults(into:_:)`, with a closure that may throw.
  @_alwaysEmitIntoClient
  @inline(__always)
  @_disfavoredOverload
  public func partialResults<Value: Sendable, E>(
    into initial: Value, _ fold: @escaping @Sendable (inout Value, Element) throws(E) -> Void
  ) throws(E) -> [Value] where Failure == Never {
    try mayThrow(E.self).reducePieces(
      start: { _ in initial },
      fold: { (element, value) throws(E) in
        try fold(&value, element)
        return true
      }, combine: nil)
  }
}

/// Makes the storage of an array its own. A loop after that, in the same function, need not check for it at each change
/// of an element: the optimiser sees it.
@inlinable
@inline(__always)
func makeUnique<Item>(_ array: inout [Item]) { array.reserveCapacity(0) }
