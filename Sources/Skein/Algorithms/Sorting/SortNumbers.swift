// Indirect sorting: some elements had better not be moved while they are compared. Their indices are sorted instead;
// then each element is moved once, as its type prescribes. These are
//
// - values that are not bitwise takable: one with a `weak` variable is known to the runtime by its address, and one of
//   a C++ type with a move constructor may know its own;
// - large ones: a frame of a kernel holds some dozens of elements, and the recursion has as many frames as the range
//   can be halved.
//
// Which way a type is sorted is known when the program is compiled, and the other way is removed.

/// Returns whether elements of a type are moved while they are sorted.
@_alwaysEmitIntoClient
@inline(__always)
func areMovedWhileSorted<Element>(_ type: Element.Type) -> Bool {
  _isBitwiseTakable(type) && MemoryLayout<Element>.stride <= 64
}

extension SortKernels {
  /// Sorts elements stably by way of their indices. If a comparison throws, no element has moved.
  /// - Parameter isInPlace: Whether to move the elements one after another instead of taking scratch for them.
  @inlinable
  func sortNumbers(of elements: Place, _ count: Int, isInPlace: Bool) throws(Failure) {
    // SAFETY: until the indices are sorted, nothing but comparisons uses the elements.
    nonisolated(unsafe) let (elements, precedes) = unsafe (elements, precedes)
    let kernels = SortKernels<Int, Failure> { (left, right) throws(Failure) in
      unsafe try precedes(elements + left, elements + right)
    }
    unsafe try Scratch.with(Int.self, count: 2 * count) { (numbers) throws(Failure) in
      for number in 0..<count { unsafe (numbers + number).initialize(to: number) }
      unsafe try kernels.stableSort(numbers, count, numbers + count)
      if isInPlace { return unsafe arrangeInPlace(elements, count, numbers) }
      unsafe Scratch.with(Element.self, count: count) { scratch in
        unsafe arrange(elements, count, scratch) { unsafe numbers[$0] }
      }
    }
  }
}

/// Permutes elements in place: each place gets the element whose index is in `numbers` there. Every index occurs once.
///
/// Work and span O(n): cycle by cycle, one element of each held apart. The indices are consumed.
@inlinable
func arrangeInPlace<Element>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ numbers: UnsafeMutablePointer<Int>
) {
  let held = UnsafeMutablePointer<Element>.allocate(capacity: 1)
  defer { unsafe held.deallocate() }
  for start in 0..<count where unsafe numbers[start] != start {
    unsafe held.moveInitialize(from: elements + start, count: 1)
    var place = start
    while unsafe numbers[place] != start {
      let source = unsafe numbers[place]
      unsafe (elements + place).moveInitialize(from: elements + source, count: 1)
      unsafe numbers[place] = place
      place = source
    }
    unsafe (elements + place).moveInitialize(from: held, count: 1)
    unsafe numbers[place] = place
  }
}
