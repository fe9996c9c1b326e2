// Merges two neighbouring sorted ranges: elements in place already stay there, and the rest of the result is cut into
// parts, whose borders in both ranges are found by bisection. Each part is merged by itself into the scratch, and moved
// back.
//
// Work O(n); span O(size of a part + log n). Scratch n. Stable.
// Deo, Jain & Medidi 1994; Odeh, Green, Mwassi, Shmueli & Birk, "Merge Path", 2012.

extension SortKernels {
  /// Merges two sorted ranges: the first `middle` of some elements, and the others.
  @inlinable
  func mergeRuns(_ elements: Place, _ middle: Int, _ count: Int, _ scratch: Place) throws(Failure) {
    if middle == 0 || middle == count { return }
    let right = unsafe elements + middle
    let start = try bisect(middle) { (index) throws(Failure) in unsafe try !precedes(right, elements + index) }
    if start == middle { return }
    let last = unsafe elements + (middle - 1)
    let end = try bisect(count - middle) { (index) throws(Failure) in unsafe try precedes(right + index, last) }
    unsafe try mergeAll(elements + start, middle - start, right, end, scratch + start)
    unsafe moveInParallel(scratch + start, elements + start, count: middle - start + end)
  }

  /// Merges two sorted ranges into a third place, part by part.
  @inlinable
  func mergeAll(
    _ left: Place, _ leftCount: Int, _ right: Place, _ rightCount: Int, _ result: Place
  ) throws(Failure) {
    let parts = Parts(of: Element.self, total: leftCount + rightCount)
    if parts.count == 1 { return unsafe try merge(left, leftCount, right, rightCount, result) }
    // How many elements of the left range are before each part.
    try withCounts(parts.count) { (lefts) throws(Failure) in
      try forEachPart(1..<parts.count) { (part) throws(Failure) in
        let position = parts[part].lowerBound
        // The left element at `index` is before `position` in the result if few enough on the right come before it.
        let lowest = max(0, position - rightCount)
        lefts[part] =
          try lowest
          + bisect(min(position, leftCount) - lowest) { (offset) throws(Failure) in
            let index = lowest + offset
            return unsafe try !precedes(right + (position - index - 1), left + index)
          }
      }
      lefts[parts.count] = leftCount
      // An inconsistent order may give borders that do not ascend in both ranges. Even then no element must be lost.
      for part in 1..<parts.count {
        let range = parts[part - 1]
        let taken = min(max(lefts[part], lefts[part - 1]), lefts[part - 1] + range.count)
        lefts[part] = min(max(taken, range.upperBound - rightCount), leftCount)
      }
      try forEachPart(0..<parts.count) { (part) throws(Failure) in
        let range = parts[part]
        let (from, to) = (lefts[part], lefts[part + 1])
        let (rightFrom, rightTo) = (range.lowerBound - from, range.upperBound - to)
        unsafe try merge(left + from, to - from, right + rightFrom, rightTo - rightFrom, result + range.lowerBound)
      }
    }
  }
}
