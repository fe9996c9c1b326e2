// Finds existing runs among the elements. The elements are cut into parts, each of which is searched by itself; then
// runs that continue across a border are joined, so the result does not depend on the borders.
//
// Work O(n); span O(size of a part + number of runs + log n). Stable: a run that descends does so strictly, and is then reversed.

extension SortKernels {
  /// Returns the runs that some elements consist of, in order, each of them sorted or not. Descending runs have been
  /// reversed.
  @inlinable
  func findRuns(_ elements: Place, _ count: Int) throws(Failure) -> [Run] {
    let minimum = Run.minimum(count)
    let parts = Parts(of: Element.self, total: count)
    var found: [[Run]] = Array(repeating: [], count: parts.count)
    unsafe try found.withUnsafeMutableBufferPointer { (found) throws(Failure) in
      let found = found.baseAddress!
      try forEachPart(0..<parts.count) { (part) throws(Failure) in
        unsafe found[part] = unsafe try findRuns(elements, parts[part], minimum)
      }
    }
    var runs: [Run] = []
    for run in found.joined() {
      if unsafe try !extend(&runs, with: run, elements) {
        Run.settle(&runs, minimum)
        runs.append(run)
      }
    }
    Run.settle(&runs, minimum)
    runs = Run.joinUnsorted(runs)
    for index in runs.indices where runs[index].kind == .descending {
      unsafe reverse(
        UnsafeMutableBufferPointer(start: elements + runs[index].start, count: runs[index].count), plan: LoopPlan())
      runs[index].kind = .ascending
    }
    return runs
  }

  /// Returns the runs of one part. A run at either end of the part is kept even if it is short, since it may continue
  /// beyond.
  @inlinable
  func findRuns(_ elements: Place, _ range: Range<Int>, _ minimum: Int) throws(Failure) -> [Run] {
    var runs: [Run] = []
    var next = range.lowerBound
    while next < range.upperBound {
      let length = unsafe try run(elements + next, range.upperBound - next)
      let end = next + abs(length)
      if abs(length) >= minimum || next == range.lowerBound || end == range.upperBound {
        runs.append(Run(next, end, length < 0 ? .descending : .ascending))
        next = end
      } else {
        let end = min(next + minimum, range.upperBound)
        if runs.last?.kind == .unsorted {
          runs[runs.count - 1].end = end
        } else {
          runs.append(Run(next, end, .unsorted))
        }
        next = end
      }
    }
    return runs
  }

  /// Extends the last run by the next one, if together they are a run.
  @inlinable
  func extend(_ runs: inout [Run], with next: Run, _ elements: Place) throws(Failure) -> Bool {
    guard let last = runs.last, last.kind != .unsorted, next.kind != .unsorted else { return false }
    let descends = unsafe try precedes(elements + next.start, elements + last.end - 1)
    let kind: Run.Kind = descends ? .descending : .ascending
    // A single element is a run of either kind.
    guard last.kind == kind || last.count == 1, next.kind == kind || next.count == 1 else { return false }
    runs[runs.count - 1].end = next.end
    runs[runs.count - 1].kind = kind
    return true
  }
}

extension Run {
  /// Marks the last run as unsorted if it has stayed short.
  @inlinable
  static func settle(_ runs: inout [Run], _ minimum: Int) {
    if let last = runs.last, last.count < minimum { runs[runs.count - 1].kind = .unsorted }
  }

  @inlinable
  static func joinUnsorted(_ runs: [Run]) -> [Run] {
    var joined: [Run] = []
    for run in runs {
      if run.kind == .unsorted, joined.last?.kind == .unsorted {
        joined[joined.count - 1].end = run.end
      } else {
        joined.append(run)
      }
    }
    return joined
  }
}
