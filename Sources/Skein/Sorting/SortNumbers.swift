// A value with a `weak` variable is known to the runtime by its address, and one of a C++ type with a move constructor may know its own:
// a copy of the bits is no such value. Elements of these types stay where they are until it is known where each goes, and then each
// is moved as its type says. That is not inlined, nor made anew for each type: it is rare, and what other types leave out costs them nothing.

extension SortKernels {
  /// Sorts elements that are not moved by their bits, stably: first their numbers are sorted. If a comparison throws, no element has moved.
  @usableFromInline
  func sortNumbers(of elements: Place, _ count: Int) throws(Failure) {
    // SAFETY: until the numbers are sorted, nothing but comparisons uses the elements.
    nonisolated(unsafe) let (elements, precedes) = unsafe (elements, precedes)
    let kernels = SortKernels<Int, Failure> { (left, right) throws(Failure) in
      unsafe try precedes(elements + left, elements + right)
    }
    unsafe try Scratch.with(Int.self, count: 2 * count) { (numbers) throws(Failure) in
      for number in 0..<count { unsafe (numbers + number).initialize(to: number) }
      unsafe try kernels.stableSort(numbers, count, numbers + count)
      unsafe Scratch.with(Element.self, count: count) { scratch in
        unsafe arrange(elements, count, scratch) { unsafe numbers[$0] }
      }
    }
  }
}
