/// The destination of the next pair of a batch.
///
/// SAFETY: As for `CollectBody`, whose memory these point into.
@unsafe
@usableFromInline
struct PairDestination<First, Second> {
  @usableFromInline var first: UnsafeMutablePointer<First>
  @usableFromInline var second: UnsafeMutablePointer<Second>

  @inlinable
  init(_ first: UnsafeMutablePointer<First>, _ second: UnsafeMutablePointer<Second>) {
    unsafe self.first = first
    unsafe self.second = second
  }
}

/// Writes the halves of an indexed sequence's pairs to their places in uninitialised memory.
///
/// SAFETY: As for `CollectBody`.
@safe
@usableFromInline
struct UnzipBody<First, Second, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = InitializedRanges

  @usableFromInline let leaf: BoundLeaf<PairDestination<First, Second>, Failure>
  @usableFromInline let memory: PairDestination<First, Second>

  @inlinable
  init(_ leaf: BoundLeaf<PairDestination<First, Second>, Failure>, _ memory: PairDestination<First, Second>) {
    unsafe self.leaf = unsafe leaf
    unsafe self.memory = unsafe memory
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    let start = units.lowerBound
    var next = unsafe PairDestination(memory.first + start, memory.second + start)
    let reached = unsafe leaf.run(units, &next, control, &watch)
    unsafe requireNoMore(than: units, end: next.first - memory.first)
    unsafe partial.append(start..<(next.first - memory.first))
    return reached ?? units.upperBound
  }
}

extension ParallelSequence {
  /// Returns the first components of all pairs, and the second ones, each in order.
  ///
  /// If the number of pairs is known, the components are written straight to their places.
  /// - Throws: The error of the first element in order whose closures throw. Elements made before it are destroyed.
  /// - Complexity: Work O(*n*); span O(log *n*) and the longest of the calls.
  @_alwaysEmitIntoClient
  @inline(__always)
  public func unzipped<First: Sendable, Second: Sendable>() throws(Failure) -> ([First], [Second])
  where Element == (First, Second) {
    if let count = knownCount { return try unzipInPlace(count: count) }
    return try gatherPairs { (pair, lists) throws(Failure) in
      lists.first.append(pair.0)
      lists.second.append(pair.1)
      return true
    }
  }

  @_alwaysEmitIntoClient
  @inline(__always)
  func unzipInPlace<First: Sendable, Second: Sendable>(count: Int) throws(Failure) -> ([First], [Second])
  where Element == (First, Second) {
    if count == 0 {
      plan.reportNothing()
      return ([], [])
    }
    let control = LoopControl<Failure>(plan)
    let plan = plan
    let (first, second) = unsafe withLeaf {
      (pair, next: inout PairDestination<First, Second>) throws(Failure) in
      unsafe next.first.initialize(to: pair.0)
      unsafe next.second.initialize(to: pair.1)
      unsafe next.first += 1
      unsafe next.second += 1
      return true
    } run: { leaf -> ([First], [Second]) in
      var second: [Second] = []
      let first = unsafe [First](uninitializedCount: count, for: plan) { firstBuffer, firstCount in
        second = unsafe [Second](uninitializedCount: count, for: plan) { secondBuffer, secondCount in
          let memory = unsafe PairDestination(firstBuffer.baseAddress!, secondBuffer.baseAddress!)
          let ranges = unsafe runLoop(UnzipBody(leaf, memory), control, count: count, plan: plan)
          if ranges.isComplete(count) {
            (firstCount, secondCount) = (count, count)
          } else {
            unsafe ranges.destroyElements(of: memory.first)
            unsafe ranges.destroyElements(of: memory.second)
          }
        }
      }
      return (first, second)
    }
    try control.throwFirst()
    require(first.count == count, "a parallel collection gave fewer elements than it said")
    return (first, second)
  }
}
