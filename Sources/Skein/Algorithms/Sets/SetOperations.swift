// The elements are cut where equal ones end, into blocks of about the same size: the merge path says where a block ends
// in both sequences, and bisection finds where the equals of the next element begin. Each block is then made by itself,
// and the blocks are concatenated.
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
}

extension MergeSources {
  /// Applies an operation to a part of each sequence.
  @inlinable
  @inline(__always)
  func keep<E: Error>(
    _ operation: SetOperation, _ firstPart: Range<Int>, _ secondPart: Range<Int>, to kept: inout [Element],
    _ areInIncreasingOrder: (Element, Element) throws(E) -> Bool
  ) throws(E) {
    var (left, right) = (firstPart.lowerBound, secondPart.lowerBound)
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
    if operation.keepsFirst { for index in left..<firstPart.upperBound { unsafe kept.append(first[index]) } }
    if operation.keepsSecond { for index in right..<secondPart.upperBound { unsafe kept.append(second[index]) } }
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

extension ParallelSequence where Element: Sendable, Failure == Never {
  @_alwaysEmitIntoClient
  @inline(__always)
  func combined<Other: ParallelSequence, E>(
    with other: Other, _ operation: SetOperation,
    _ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] where Other.Element == Element, Other.Failure == Never {
    let plan = plan
    let result = unsafe withElementsInMemory { first in
      unsafe other.withElementsInMemory { second in
        do throws(E) {
          let sources = unsafe MergeSources(first, second)
          return Result<[Element], E>.success(try sources.combined(operation, plan: plan, areInIncreasingOrder))
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
  @inline(__always)
  func combined<E>(
    _ operation: SetOperation, plan: LoopPlan,
    _ areInIncreasingOrder: @escaping @Sendable (Element, Element) throws(E) -> Bool
  ) throws(E) -> [Element] {
    // SAFETY: the loops read the borrowed sources only until this returns.
    nonisolated(unsafe) let sources = self
    let blocks = ReductionBlocks(
      positionCount: count, minimumBatch: max(plan.minimumBatch, 32), pieces: 1024, largest: 8192)
    var cuts = try Array(
      ParallelIntegers(0..<blocks.count + 1, plan: plan.ofBlocks).map {
        (block) throws(E) -> (first: Int, second: Int) in
        if block == 0 { return (0, 0) }
        if block == blocks.count { return unsafe (sources.first.count, sources.second.count) }
        return unsafe try sources.cut(near: blocks.positions(of: block).lowerBound, areInIncreasingOrder)
      })
    // A cancelled loop may leave cuts out.
    guard cuts.count == blocks.count + 1 else { return [] }
    // Sequences that are not sorted may give cuts that do not ascend; but no element belongs to two blocks.
    for block in 1..<cuts.count {
      cuts[block] = (max(cuts[block].first, cuts[block - 1].first), max(cuts[block].second, cuts[block - 1].second))
    }
    return try Array(
      ParallelIntegers(0..<blocks.count, plan: plan.ofBlocks).flatMap { [cuts] (block) throws(E) -> [Element] in
        let (start, end) = (cuts[block], cuts[block + 1])
        var kept: [Element] = []
        unsafe try sources.keep(
          operation, start.first..<end.first, start.second..<end.second, to: &kept, areInIncreasingOrder)
        return kept
      })
  }
}
