// The stable sort. Existing runs are found and kept; the elements between them are sorted by quicksort; then runs are
// merged in pairs, by a tree that is nearly optimal for their lengths.
//
// Work O(n log n), O(n) for a constant number of runs, O(n log r) for r runs of some length; span O(size of 64 parts + number of parts
// + log² n). Scratch: n elements, and a hundredth of that or a part for each thread. Stable.
// The tree: Munro & Wild, "Nearly-optimal mergesorts", 2018.

extension SortKernels {
  /// Sorts elements stably. The scratch has room for all of them.
  @inlinable
  func stableSort(_ elements: Place, _ count: Int, _ scratch: Place) throws(Failure) {
    if count <= smallSort { return unsafe try sortSmall(elements, count, scratch, false) }
    let runs = unsafe try findRuns(elements, count)
    unsafe try sortRuns(runs[...], elements, scratch, total: count)
  }

  /// Sorts and merges neighbouring runs.
  @inlinable
  func sortRuns(_ runs: ArraySlice<Run>, _ elements: Place, _ scratch: Place, total: Int) throws(Failure) {
    let (start, end) = (runs.first!.start, runs.last!.end)
    if runs.count == 1 {
      guard runs.first!.kind == .unsorted else { return }
      return unsafe try StableQuicksort(self).sort(elements + start, end - start, scratch + start)
    }
    let border = Run.border(of: runs, total: total)
    try forkIfLarge(end - start) { () throws(Failure) in
      unsafe try sortRuns(runs[..<border], elements, scratch, total: total)
    } _: { () throws(Failure) in
      unsafe try sortRuns(runs[border...], elements, scratch, total: total)
    }
    unsafe try mergeRuns(elements + start, runs[border].start - start, end - start, scratch + start)
  }
}

extension Run {
  /// Returns where a sequence of runs is to be divided: at the border whose node is highest in the tree. That is the
  /// border for which the midpoints of the runs on both sides, as binary fractions of the total, differ at the earliest
  /// digit.
  @inlinable
  static func border(of runs: ArraySlice<Run>, total: Int) -> Int {
    var (best, lowest) = (runs.startIndex + 1, Int.max)
    for index in runs.indices.dropFirst() {
      let (left, right) = (runs[index - 1], runs[index])
      let scale = (1 << 62) / total
      let depth = (((left.start + left.end) / 2 &* scale) ^ ((right.start + right.end) / 2 &* scale))
        .leadingZeroBitCount
      if depth < lowest { (best, lowest) = (index, depth) }
    }
    return best
  }
}
