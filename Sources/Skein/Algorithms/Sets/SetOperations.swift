// The elements are cut where equal ones end, into blocks of about the same size: the merge path says where a block ends
// in both sequences, and bisection finds where the equals of the next element begin. Each block is then made by itself,
// in memory of its own, and moved to its place in the result when the sizes of all are known.
//
// Work O(n) comparisons, and log n for each block; span O(log n), a block, and the longest run of equal elements. Scratch: the result.

/// Which elements of two sorted sequences an operation keeps.
@usableFromInline
enum SetOperation: Sendable {
  case union, intersection, difference, symmetricDifference

  /// Whether elements that occur in the first sequence only are kept.
  @inlinable var keepsFirst: Bool { self != .intersection }
  @inlinable var keepsSecond: Bool { self == .union || self == .symmetricDifference }
  @inlinable var keepsBoth: Bool { self == .union || self == .intersection }

  /// How many elements may be kept of so many of each sequence.
  @inlinable
  func capacity(_ first: Int, _ second: Int) -> Int {
    switch self {
    case .union, .symmetricDifference: first + second
    case .intersection: min(first, second)
    case .difference: first
    }
  }
}

extension MergeSources {
  /// Applies an operation to a part of each sequence.
  /// - Parameter kept: Has room for what is kept.
  @inlinable
  @inline(__always)
  func keep<E: Error>(
    _ operation: SetOperation, _ firstPart: Range<Int>, _ secondPart: Range<Int>, in kept: inout Chunk<Element>,
    _ areInIncreasingOrder: (Element, Element) throws(E) -> Bool
  ) throws(E) {
    var (left, right) = (firstPart.lowerBound, secondPart.lowerBound)
    // A comparison that may throw is not called more often than it must.
    if _isPOD(Element.self), E.self == Never.self {
      kept.count = try keepPlain(
        operation, &left, firstPart.upperBound, &right, secondPart.upperBound, in: kept, areInIncreasingOrder)
    } else {
      while left < firstPart.upperBound, right < secondPart.upperBound {
        if unsafe try areInIncreasingOrder(first[left], second[right]) {
          if operation.keepsFirst { unsafe kept.append(first[left]) }
          left &+= 1
        } else if unsafe try areInIncreasingOrder(second[right], first[left]) {
          if operation.keepsSecond { unsafe kept.append(second[right]) }
          right &+= 1
        } else {
          if operation.keepsBoth { unsafe kept.append(first[left]) }
          left &+= 1
          right &+= 1
        }
      }
    }
    if operation.keepsFirst { unsafe kept.append(first[left..<firstPart.upperBound]) }
    if operation.keepsSecond { unsafe kept.append(second[right..<secondPart.upperBound]) }
  }

  /// Applies an operation to elements that are bitwise copyable until a part ends; returns how many are kept.
  ///
  /// Which of two elements is less is as good as random to the processor, so the comparisons decide numbers, not
  /// branches: the next candidate is always stored, and counted if it is to be kept.
  @inlinable
  @inline(__always)
  func keepPlain<E: Error>(
    _ operation: SetOperation, _ left: inout Int, _ endOfLeft: Int, _ right: inout Int, _ endOfRight: Int,
    in kept: Chunk<Element>, _ areInIncreasingOrder: (Element, Element) throws(E) -> Bool
  ) throws(E) -> Int {
    let (first, second) = unsafe (first, second)
    let lessCounts = operation.keepsFirst ? 1 : 0
    let greaterCounts = operation.keepsSecond ? 1 : 0
    let equalCounts = operation.keepsBoth ? 1 : 0
    var count = 0
    while true {
      // Neither part ends within this many steps.
      let steps = min(endOfLeft - left, endOfRight - right)
      if steps <= 0 { return count }
      for _ in 0..<steps {
        let (a, b) = unsafe (first[left], second[right])
        let isLess = try areInIncreasingOrder(a, b) ? 1 : 0
        // An order that says both, which is none, must not stop the loop.
        let isGreater = (try areInIncreasingOrder(b, a) ? 1 : 0) & (1 &- isLess)
        unsafe (kept.memory + count).initialize(to: isGreater != 0 ? b : a)
        count &+= isLess & lessCounts | isGreater & greaterCounts | (1 &- isLess &- isGreater) & equalCounts
        left &+= 1 &- isGreater
        right &+= 1 &- isLess
      }
    }
  }

  /// Finds where a block may end in both sequences, near a position of their merged result: no element on one side
  /// equals one on the other.
  @inlinable
  @inline(__always)
  func cut<E: Error>(
    near total: Int, _ areInIncreasingOrder: (Element, Element) throws(E) -> Bool
  ) throws(E) -> (first: Int, second: Int) {
    let taken = try split(total, areInIncreasingOrder)
    let rest = total - taken
    // The element that would come next, and with it all of its equals, begin the next block.
    let isFirst: Bool
    if unsafe taken == first.count {
      isFirst = false
    } else if unsafe rest == second.count {
      isFirst = true
    } else {
      isFirst = unsafe try !areInIncreasingOrder(second[rest], first[taken])
    }
    let (source, index) = unsafe isFirst ? (first, taken) : (second, rest)
    let inFirst = try bisect(taken) { (place) throws(E) in
      unsafe try areInIncreasingOrder(first[place], source[index])
    }
    let inSecond = try bisect(rest) { (place) throws(E) in
      unsafe try areInIncreasingOrder(second[place], source[index])
    }
    return (inFirst, inSecond)
  }
}

/// The kernels of an operation, made where the closure can still be seen, as `modifyLeaf` is.
@usableFromInline
struct SetLeaves<Element, Failure: Error>: Sendable {
  @usableFromInline let operation: SetOperation
  /// Finds where a block may end in both sequences.
  @usableFromInline let cut:
    @Sendable (MergeSources<Element>, _ total: Int) throws(Failure) -> (first: Int, second: Int)
  @usableFromInline let keep:
    @Sendable (
      MergeSources<Element>, SetOperation, _ firstPart: Range<Int>, _ secondPart: Range<Int>,
      _ kept: inout Chunk<Element>
    ) throws(Failure) -> Void

  @inlinable
  @inline(__always)
  init(
    _ operation: SetOperation, _ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(Failure) -> Bool
  ) {
    self.operation = operation
    cut = { (sources, total) throws(Failure) in try sources.cut(near: total, areInIncreasingOrder) }
    // (A kernel that also captured the operation would not be specialised for the closure.)
    keep = { (sources, operation, firstPart, secondPart, kept) throws(Failure) in
      try sources.keep(operation, firstPart, secondPart, in: &kept, areInIncreasingOrder)
    }
  }
}

extension ParallelSequence where Element: Sendable, Failure == Never {
  @_alwaysEmitIntoClient
  @inline(__always)
  func combined<Other: ParallelSequence, E>(
    with other: Other, _ operation: SetOperation,
    _ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] where Other.Element == Element, Other.Failure == Never {
    let plan = plan
    let leaves = SetLeaves(operation, areInIncreasingOrder)
    let result = unsafe withElementsInMemory { first in
      unsafe other.withElementsInMemory { second in
        do throws(E) {
          return unsafe Result<[Element], E>.success(try MergeSources(first, second).combined(plan: plan, leaves))
        } catch {
          return Result<[Element], E>.failure(error)
        }
      }
    }
    return try result.get()
  }
}

extension MergeSources where Element: Sendable {
  @inlinable
  func combined<E>(plan: LoopPlan, _ leaves: SetLeaves<Element, E>) throws(E) -> [Element] {
    // SAFETY: the loops read the borrowed sources only until this returns.
    nonisolated(unsafe) let sources = self
    let blocks = ReductionBlocks(
      positionCount: count, minimumBatch: max(plan.minimumBatch, 32), pieces: 1024, largest: 8192)
    let plan = plan.ofBlocks
    var cuts = try Array(
      ParallelIntegers(0..<blocks.count + 1, plan: plan).map { (block) throws(E) -> (first: Int, second: Int) in
        if block == 0 { return (0, 0) }
        if block == blocks.count { return unsafe (sources.first.count, sources.second.count) }
        return unsafe try leaves.cut(sources, blocks.positions(of: block).lowerBound)
      })
    // A cancelled loop may leave cuts out.
    guard cuts.count == blocks.count + 1 else { return [] }
    // Sequences that are not sorted may give cuts that do not ascend; but no element belongs to two blocks.
    for block in 1..<cuts.count {
      cuts[block] = (max(cuts[block].first, cuts[block - 1].first), max(cuts[block].second, cuts[block - 1].second))
    }
    let control = LoopControl<E>(plan)
    let chunks = runLoop(SetBody(self, cuts, leaves), control, count: blocks.count, plan: plan)
    return try Array(movedFrom: chunks, of: control, in: plan.pool)
  }
}

/// Makes the blocks of the result, each in memory of its own.
@usableFromInline
struct SetBody<Element, Failure: Error>: LoopBody {
  @usableFromInline typealias Partial = [Chunk<Element>]

  @usableFromInline let sources: MergeSources<Element>
  /// Where each block begins in both sequences, and where the last one ends.
  @usableFromInline let cuts: [(first: Int, second: Int)]
  @usableFromInline let leaves: SetLeaves<Element, Failure>

  @inlinable
  init(
    _ sources: MergeSources<Element>, _ cuts: [(first: Int, second: Int)], _ leaves: SetLeaves<Element, Failure>
  ) {
    self.sources = sources
    self.cuts = cuts
    self.leaves = leaves
  }

  @inlinable
  func run(
    _ units: Range<Int>, into partial: inout Partial, _ control: borrowing LoopControl<Failure>,
    _ watch: inout BatchWatch
  ) -> Int {
    watch.forEach(in: units) { unit in
      let (start, end) = (cuts[unit], cuts[unit + 1])
      var kept = Chunk<Element>(
        capacity: leaves.operation.capacity(end.first - start.first, end.second - start.second))
      defer { partial.append(kept.trimmed()) }
      do throws(Failure) {
        try leaves.keep(sources, leaves.operation, start.first..<end.first, start.second..<end.second, &kept)
        return true
      } catch {
        control.note(error, at: unit)
        return false
      }
    }
  }
}
