// Work O(n): n exchanges; span O(log n); no scratch memory.
//
// Both parts are reversed, and then the whole (Gries & Mills 1981 compare it with the alternatives): twice as many
// moves as necessary, but all of them access memory sequentially, and each of the three loops can be divided anywhere.

@inlinable
func rotate<Element>(_ elements: UnsafeMutableBufferPointer<Element>, toStartAt start: Int, plan: LoopPlan) {
  guard start > 0, start < elements.count else { return }
  plan.onWorker {
    unsafe reverse(UnsafeMutableBufferPointer(rebasing: elements[..<start]), plan: plan)
    unsafe reverse(UnsafeMutableBufferPointer(rebasing: elements[start...]), plan: plan)
    unsafe reverse(elements, plan: plan)
  }
}

extension ParallelElements where Base: MutableCollection {
  /// Rotates the elements so that the one at an index becomes the first, and returns the new index of the former first element.
  ///
  ///     var numbers = [10, 20, 30, 40, 50]
  ///     numbers.parallel.rotate(toStartAt: 3)      // [40, 50, 10, 20, 30]; returns 2
  ///
  /// - Complexity: Work O(*n*), span O(log *n*).
  @inlinable
  @discardableResult
  public mutating func rotate(toStartAt newStart: Base.Index) -> Base.Index {
    let plan = plan
    let start = offset(newStart)
    require(0...positionCount ~= start, "the index to rotate to is out of bounds")
    unsafe withMutableElements { unsafe Skein.rotate($0, toStartAt: start, plan: plan) }
    return index(positionCount - start)
  }
}

extension ParallelMutableBuffer {
  /// Rotates the elements so that the one at an index becomes the first, and returns the new index of the former first element.
  /// - Complexity: Work O(*n*), span O(log *n*).
  @inlinable
  @discardableResult
  public func rotate(toStartAt newStart: Int) -> Int {
    require(0...positionCount ~= newStart, "the index to rotate to is out of bounds")
    unsafe Skein.rotate(base, toStartAt: newStart, plan: plan)
    return positionCount - newStart
  }
}
