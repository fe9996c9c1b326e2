// Work O(n) copies, span O(log n) and a band of rows. Bands of the result are written in squares small enough that both
// source and destination stay in a core's own cache.

extension ParallelElements {
  /// Returns the transpose of a matrix whose rows are stored one after another, in the same layout.
  ///
  ///     let columns = table.parallel.transposed(columnCount: 12)     // the first column, the second one, …
  ///
  /// - Parameter columnCount: How many elements a row has.
  /// - Precondition: `columnCount` is at least 1 and divides the number of elements.
  /// - Complexity: Work O(*n*) copies; span O(log *n*) and at most 64 rows of the result.
  @inlinable
  public func transposed(columnCount: Int) -> [Element] {
    require(columnCount >= 1, "a row has at least 1 element, not \(columnCount)")
    let (count, width) = (positionCount, columnCount)
    require(count % width == 0, "\(count) elements are not rows of \(width)")
    let height = count / width
    let base = base
    let plan = LoopPlan(pool: plan.pool)
    return unsafe Array(uninitializedCount: count, for: plan) { result, initializedCount in
      defer { initializedCount = count }
      guard let result = result.baseAddress, count > 0 else { return }
      plan.onWorker {
        let isWritten: Void? = unsafe withContiguousElements { elements in
          let elements = elements.baseAddress!
          unsafe transpose(width: width, height: height, to: result) { unsafe elements[$0] }
        }
        if isWritten == nil {
          unsafe transpose(width: width, height: height, to: result) {
            base[base.index(base.startIndex, offsetBy: $0)]
          }
        }
      }
    }
  }
}

/// Writes the rows of the transpose of a matrix.
///
/// SAFETY: `result` has room for all elements; each band writes its own rows of it.
@unsafe
@inlinable
func transpose<Element>(
  width: Int, height: Int, to result: UnsafeMutablePointer<Element>, _ element: (Int) -> Element
) {
  let side = transposedSquare
  forEachPart(0..<(width + side - 1) / side) { band in
    let columns = band * side..<min((band + 1) * side, width)
    for start in stride(from: 0, to: height, by: side) {
      let rows = start..<min(start + side, height)
      for column in columns {
        for row in rows { unsafe (result + (column &* height &+ row)).initialize(to: element(row &* width &+ column)) }
      }
    }
  }
}

/// The side of the squares in which a matrix is transposed.
@inlinable var transposedSquare: Int { 64 }
