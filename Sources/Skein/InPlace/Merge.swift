// Work O(n) comparisons, and log n for each of at most 1024 blocks or for every 8192 elements; span O(log n) and a block. Scratch: none
// for sequences whose elements lie in contiguous memory; otherwise they are collected first. Stable.
//
// The result is cut into blocks of a fixed size. Where a block begins in both sources a binary search finds ("merge path": Deo & Sarkar
// 1991; Odeh, Green, Mwassi, Shmueli & Birk 2012), and then it is merged on its own.

/// The two sequences that are merged.
///
/// SAFETY: Both are the caller's until the loop is over.
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

  /// Copies a range of the merged sequence to uninitialised memory.
  /// - Parameter next: Where the next element goes.
  @inlinable
  @inline(__always)
  func merge<E: Error>(
    _ range: Range<Int>, to next: inout UnsafeMutablePointer<Element>,
    _ areInIncreasingOrder: (Element, Element) throws(E) -> Bool
  ) throws(E) {
    let start = try split(range.lowerBound, areInIncreasingOrder)
    var left = unsafe first[start...]
    var right = unsafe second[(range.lowerBound - start)...]
    var rest = range.count
    while rest > 0 {
      // No source ends within this many elements.
      let safe = unsafe min(left.count, right.count, rest)
      if safe == 0 {
        let source = unsafe left.isEmpty ? right : left
        unsafe next.initialize(from: source.base.baseAddress! + source.startIndex, count: rest)
        unsafe next += rest
        return
      }
      rest -= safe
      var a = unsafe left.base.baseAddress! + left.startIndex
      var b = unsafe right.base.baseAddress! + right.startIndex
      let (startOfLeft, startOfRight) = unsafe (a, b)
      for _ in 0..<safe {
        // Which one is taken decides addresses and no branch.
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

@usableFromInline
typealias MergeLeaf<Element, Failure: Error> =
  (MergeSources<Element>, _ range: Range<Int>, _ next: inout UnsafeMutablePointer<Element>) throws(Failure) -> Void

/// Merges blocks.
///
/// SAFETY: Each block of the memory is written by the batch that has its number.
@safe
@usableFromInline
struct MergeBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = InitializedRanges

  @usableFromInline let sources: MergeSources<Element>
  @usableFromInline let blocks: ReductionBlocks
  @usableFromInline let memory: UnsafeMutablePointer<Element>
  @usableFromInline let leaf: MergeLeaf<Element, Failure>

  @inlinable
  init(
    _ sources: MergeSources<Element>, _ blocks: ReductionBlocks, _ memory: UnsafeMutablePointer<Element>,
    _ leaf: @escaping MergeLeaf<Element, Failure>
  ) {
    self.sources = sources
    self.blocks = blocks
    unsafe self.memory = memory
    unsafe self.leaf = leaf
  }

  @inlinable
  func makePartial() -> Partial { InitializedRanges() }

  @inlinable
  func run(_ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>) {
    for unit in units {
      let range = blocks.positions(of: unit)
      var next = unsafe memory + range.lowerBound
      do throws(Failure) {
        unsafe try leaf(sources, range, &next)
      } catch {
        control.note(error, at: unit)
      }
      unsafe partial.append(range.lowerBound..<(next - memory))
      if unsafe next - memory < range.upperBound { return }
    }
  }

  @inlinable
  func merge(_ right: consuming Partial, into left: inout Partial, _ control: borrowing LoopControl<Failure>) {
    left.append(contentsOf: right)
  }
}

extension MergeSources {
  @inlinable
  func merged<E>(plan: LoopPlan, _ leaf: @escaping MergeLeaf<Element, E>) throws(E) -> [Element] {
    let count = count
    if count == 0 { return [] }
    let blocks = ReductionBlocks(
      positionCount: count, minimumBatch: max(plan.minimumBatch, 32), pieces: 1024, largest: 8192)
    let control = LoopControl<E>(plan, unitSize: blocks.size)
    let result = unsafe [Element](unsafeUninitializedCapacity: count) { buffer, initializedCount in
      let memory = buffer.baseAddress!
      let ranges = unsafe runLoop(
        MergeBody(self, blocks, memory, leaf), control, count: blocks.count, unitSize: blocks.size, plan: plan)
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
  /// Calls `body` with the elements where they lie, or else with an array of them.
  @inlinable
  func withElementsInMemory<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result {
    if let source = self as? any ElementsInMemory<Element>, let result = unsafe source.withElementsIfInMemory(body) {
      return result
    }
    return unsafe Array(self).withUnsafeBufferPointer { unsafe body($0) }
  }
}

extension Array where Element: Sendable {
  /// The elements of two sequences that are sorted by an order, merged.
  ///
  ///     let log = Array(merging: morning.parallel, and: afternoon.parallel) { $0.time < $1.time }
  ///
  /// Stable: equal elements keep their order, those of the first sequence first. The loop is run as the first sequence is to be.
  ///
  /// - Parameters:
  ///   - first: The sequence whose elements come first among equals.
  ///   - second: The other one.
  ///   - areInIncreasingOrder: A strict weak ordering, by which both sequences are sorted.
  /// - Throws: The error of the first of the fixed blocks of the result for which a comparison throws, the same at every number
  ///   of threads. What was made until then is destroyed.
  /// - Precondition: Both sequences are sorted. Otherwise the result has as many elements, but it is not said which.
  /// - Complexity: Work O(*n*) comparisons; span O(log *n*) and a block of at most 8192 elements. Sequences that are not in
  ///   contiguous memory are collected first.
  @inlinable
  @inline(__always)
  public init<First: ParallelSequence, Second: ParallelSequence, E>(
    merging first: First, and second: Second,
    by areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E)
  where First.Element == Element, Second.Element == Element, First.Failure == Never, Second.Failure == Never {
    let plan = first.plan
    let leaf: MergeLeaf<Element, E> = { (sources, range, next) throws(E) in
      unsafe try sources.merge(range, to: &next, areInIncreasingOrder)
    }
    let result = unsafe first.withElementsInMemory { first in
      unsafe second.withElementsInMemory { second in
        do throws(E) {
          return unsafe Result<[Element], E>.success(try MergeSources(first, second).merged(plan: plan, leaf))
        } catch {
          return Result<[Element], E>.failure(error)
        }
      }
    }
    self = try result.get()
  }
}

extension Array where Element: Comparable & Sendable {
  /// The elements of two sorted sequences, merged. As `init(merging:and:by:)` with `<`.
  @inlinable
  @inline(__always)
  public init<First: ParallelSequence, Second: ParallelSequence>(merging first: First, and second: Second)
  where First.Element == Element, Second.Element == Element, First.Failure == Never, Second.Failure == Never {
    self.init(merging: first, and: second) { $0 < $1 }
  }
}
