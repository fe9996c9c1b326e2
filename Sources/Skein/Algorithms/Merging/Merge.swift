// Work O(n) comparisons, and log n for each of at most 1024 blocks or for every 8192 elements; span O(log n) and a
// block. Scratch: none for sequences in contiguous memory; others are collected first. Stable.
//
// The result is cut into blocks of a fixed size. First the start of each block in both sources is found by binary
// search ("merge path": Deo & Sarkar 1991; Odeh, Green, Mwassi, Shmueli & Birk 2012); then each block is merged on its
// own. So each element is in exactly one block, even if the sources are not sorted or the order is not a strict weak
// one.

/// The two sequences that are merged.
///
/// SAFETY: The caller lends both until the loop is over.
@safe
@usableFromInline
struct MergeSources<Element> {
  @usableFromInline let first: UnsafeBufferPointer<Element>
  @usableFromInline let second: UnsafeBufferPointer<Element>

  @inlinable
  init(_ first: UnsafeBufferPointer<Element>, _ second: UnsafeBufferPointer<Element>) {
    unsafe self.first = first
    unsafe self.second = second
  }

  @inlinable var count: Int { unsafe first.count + second.count }

  /// How many of the first `total` elements of the merged sequence come from the first source.
  @inlinable
  @inline(__always)
  func split<E: Error>(
    _ total: Int, _ areInIncreasingOrder: (Element, Element) throws(E) -> Bool
  ) throws(E) -> Int {
    var low = unsafe max(0, total - second.count)
    var high = unsafe min(total, first.count)
    while low < high {
      let middle = (low + high) / 2
      // An element of the first source comes before its equals from the second.
      if unsafe try areInIncreasingOrder(second[total - 1 - middle], first[middle]) {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  /// Merges a part of the first source with one of the second into uninitialised memory.
  /// - Parameter next: Where the next element goes.
  @inlinable
  @inline(__always)
  func merge<E: Error>(
    _ firstPart: Range<Int>, _ secondPart: Range<Int>, to next: inout UnsafeMutablePointer<Element>,
    _ areInIncreasingOrder: (Element, Element) throws(E) -> Bool
  ) throws(E) {
    var left = unsafe first[firstPart]
    var right = unsafe second[secondPart]
    while true {
      // Neither part ends within this many elements.
      let safe = unsafe min(left.count, right.count)
      if safe == 0 {
        let source = unsafe left.isEmpty ? right : left
        if unsafe source.isEmpty { return }
        unsafe next.initialize(from: source.base.baseAddress! + source.startIndex, count: source.count)
        unsafe next += source.count
        return
      }
      var a = unsafe left.base.baseAddress! + left.startIndex
      var b = unsafe right.base.baseAddress! + right.startIndex
      let (startOfLeft, startOfRight) = unsafe (a, b)
      for _ in 0..<safe {
        // The choice decides addresses, not branches.
        let takesRight = unsafe try areInIncreasingOrder(b.pointee, a.pointee) ? 1 : 0
        unsafe next.initialize(to: (takesRight != 0 ? b : a).pointee)
        unsafe next += 1
        unsafe b += takesRight
        unsafe a += 1 &- takesRight
      }
      unsafe left.removeFirst(a - startOfLeft)
      unsafe right.removeFirst(b - startOfRight)
    }
  }
}

/// The kernels that merge blocks, made where the closure can still be seen, as `modifyLeaf` is.
///
/// SAFETY: `merge` writes as many elements as both parts have, from `next` on.
@safe
@usableFromInline
struct MergeLeaves<Element, Failure: Error> {
  /// How many of the first `total` elements come from the first source.
  @usableFromInline let split: (MergeSources<Element>, _ total: Int) throws(Failure) -> Int
  @usableFromInline let merge:
    (
      MergeSources<Element>, _ firstPart: Range<Int>, _ secondPart: Range<Int>,
      _ next: inout UnsafeMutablePointer<Element>
    ) throws(Failure) -> Void

  @inlinable
  @inline(__always)
  init(_ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(Failure) -> Bool) {
    split = { (sources, total) throws(Failure) in try sources.split(total, areInIncreasingOrder) }
    unsafe merge = { (sources, firstPart, secondPart, next) throws(Failure) in
      unsafe try sources.merge(firstPart, secondPart, to: &next, areInIncreasingOrder)
    }
  }
}

/// Finds the start of each block in the first source.
@usableFromInline
struct SplitBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = Void

  @usableFromInline let sources: MergeSources<Element>
  @usableFromInline let blocks: ReductionBlocks
  @usableFromInline let starts: Counts
  @usableFromInline let leaves: MergeLeaves<Element, Failure>

  @inlinable
  init(
    _ sources: MergeSources<Element>, _ blocks: ReductionBlocks, _ starts: Counts,
    _ leaves: MergeLeaves<Element, Failure>
  ) {
    self.sources = sources
    self.blocks = blocks
    self.starts = starts
    self.leaves = leaves
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Void, _ control: borrowing LoopControl<Failure>, _ watch: inout BatchWatch
  ) -> Int {
    watch.forEach(in: units) { unit in
      do throws(Failure) {
        starts[unit] = try leaves.split(sources, blocks.positions(of: unit).lowerBound)
        return true
      } catch {
        control.note(error, at: units.lowerBound)
        return false
      }
    }
  }
}

/// Merges blocks.
///
/// SAFETY: Each block of the memory is written by the batch that has its number.
@safe
@usableFromInline
struct MergeBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = InitializedRanges

  @usableFromInline let sources: MergeSources<Element>
  @usableFromInline let blocks: ReductionBlocks
  /// The start of each block in the first source, and the end of the last.
  @usableFromInline let starts: Counts
  @usableFromInline let memory: UnsafeMutablePointer<Element>
  @usableFromInline let leaves: MergeLeaves<Element, Failure>

  @inlinable
  init(
    _ sources: MergeSources<Element>, _ blocks: ReductionBlocks, _ starts: Counts,
    _ memory: UnsafeMutablePointer<Element>, _ leaves: MergeLeaves<Element, Failure>
  ) {
    self.sources = sources
    self.blocks = blocks
    self.starts = starts
    unsafe self.memory = memory
    self.leaves = leaves
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    watch.forEach(in: units) { unit in
      let range = blocks.positions(of: unit)
      var next = unsafe memory + range.lowerBound
      let (start, end) = (starts[unit], starts[unit + 1])
      do throws(Failure) {
        unsafe try leaves.merge(sources, start..<end, range.lowerBound - start..<range.upperBound - end, &next)
      } catch {
        control.note(error, at: unit)
      }
      unsafe partial.append(range.lowerBound..<(next - memory))
      return unsafe next - memory == range.upperBound
    }
  }
}

extension MergeSources {
  @inlinable
  func merged<E>(plan: LoopPlan, _ leaves: MergeLeaves<Element, E>) throws(E) -> [Element] {
    let count = count
    if count == 0 { return [] }
    let blocks = ReductionBlocks(
      positionCount: count, minimumBatch: max(plan.minimumBatch, 32), pieces: 1024, largest: 8192)
    return try withCounts(blocks.count) { (starts) throws(E) in
      try findStarts(of: blocks, starts, plan: plan, leaves)
      let control = LoopControl<E>(plan, unitSize: blocks.size)
      let result = unsafe [Element](uninitializedCount: count, for: plan) { buffer, initializedCount in
        let memory = buffer.baseAddress!
        let ranges = unsafe runLoop(
          MergeBody(self, blocks, starts, memory, leaves), control, count: blocks.count, unitSize: blocks.size,
          plan: plan)
        if ranges.isComplete(count) {
          initializedCount = count
        } else {
          unsafe ranges.destroyElements(of: memory)
        }
      }
      try control.throwFirst()
      return result
    }
  }

  /// Finds the start of each block in the first source.
  @inlinable
  func findStarts<E>(
    of blocks: ReductionBlocks, _ starts: Counts, plan: LoopPlan, _ leaves: MergeLeaves<Element, E>
  ) throws(E) {
    if blocks.count > 1 {
      let control = LoopControl<E>(plan, unitSize: blocks.size)
      runLoop(
        SplitBody(self, blocks, starts, leaves), control, count: blocks.count, unitSize: blocks.size, plan: plan)
      try control.throwFirst()
    }
    unsafe starts[blocks.count] = first.count
    // Sources that are not sorted may give starts that do not ascend in both. Even then no element must be lost.
    for block in 1..<blocks.count {
      let range = blocks.positions(of: block - 1)
      let taken = min(max(starts[block], starts[block - 1]), starts[block - 1] + range.count)
      starts[block] = unsafe min(max(taken, range.upperBound - second.count), first.count)
    }
  }
}

/// A parallel sequence that may have its elements in contiguous memory.
@usableFromInline
protocol ElementsInMemory<Element> {
  associatedtype Element
  func withElementsIfInMemory<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result?
}

extension ParallelElements: ElementsInMemory {
  @inlinable
  func withElementsIfInMemory<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result? {
    base.withContiguousStorageIfAvailable { unsafe body($0) }
  }
}

extension ParallelBuffer: ElementsInMemory {
  @inlinable
  func withElementsIfInMemory<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result? { unsafe body(base) }
}

extension ParallelMutableBuffer: ElementsInMemory {
  @inlinable
  func withElementsIfInMemory<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result? {
    unsafe body(UnsafeBufferPointer(base))
  }
}

extension ParallelSequence where Element: Sendable, Failure == Never {
  /// Calls `body` with the elements in place if they are in contiguous memory, and otherwise with an array of them.
  @inlinable
  func withElementsInMemory<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result {
    if let source = self as? any ElementsInMemory<Element>, let result = unsafe source.withElementsIfInMemory(body) {
      return result
    }
    return unsafe Array(self).withUnsafeBufferPointer { unsafe body($0) }
  }
}

extension Array where Element: Sendable {
  /// Creates an array of the elements of two sequences that are sorted by an order, merged.
  ///
  ///     let log = Array(merging: morning.parallel, and: afternoon.parallel) { $0.time < $1.time }
  ///
  /// Stable: equal elements keep their order, those of the first sequence first. The loop runs by the plan of the first
  /// sequence.
  ///
  /// - Parameters:
  ///   - first: The sequence whose elements come first among equals.
  ///   - second: The other sequence.
  ///   - areInIncreasingOrder: A strict weak ordering, by which both sequences are sorted.
  /// - Throws: The error of a comparison, the same at every number of threads. Elements made before it are destroyed.
  /// - Precondition: Both sequences are sorted. Otherwise the result has all their elements, each once, in some order.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) and a block of at most 8192 elements. Sequences that are not in
  ///   contiguous memory are collected first.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<First: ParallelSequence, Second: ParallelSequence, E>(
    merging first: First, and second: Second,
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E)
  where First.Element == Element, Second.Element == Element, First.Failure == Never, Second.Failure == Never {
    let plan = first.plan
    let leaves = MergeLeaves(areInIncreasingOrder)
    let result = unsafe first.withElementsInMemory { first in
      unsafe second.withElementsInMemory { second in
        do throws(E) {
          return unsafe Result<[Element], E>.success(try MergeSources(first, second).merged(plan: plan, leaves))
        } catch {
          return Result<[Element], E>.failure(error)
        }
      }
    }
    self = try result.get()
  }
}

extension Array where Element: Comparable & Sendable {
  /// Creates an array of the elements of two sorted sequences, merged.
  ///
  /// Like `init(merging:and:by:)` with `<`; floating-point NaNs come last, see <doc:Sorting>.
  @_alwaysEmitIntoClient
  @inline(__always)
  public init<First: ParallelSequence, Second: ParallelSequence>(merging first: First, and second: Second)
  where First.Element == Element, Second.Element == Element, First.Failure == Never, Second.Failure == Never {
    if hasNaNs(Element.self) {
      self.init(merging: first, and: second) { precedesNumbersFirst($0, $1) }
    } else {
      self.init(merging: first, and: second) { $0 < $1 }
    }
  }
}
