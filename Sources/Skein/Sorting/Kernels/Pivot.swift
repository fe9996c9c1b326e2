extension SortKernels {
  /// An element near the median of some, which are at least eight.
  ///
  /// The median of three, each of which is such a median of a part of its own when there are many: of some *n*⁰·⁵ elements.
  /// Work and span O(√n).
  @inlinable
  func pivot(_ elements: Place, _ count: Int) throws(Failure) -> Place {
    let eighth = count / 8
    let (low, middle, high) = unsafe (elements, elements + 4 &* eighth, elements + 7 &* eighth)
    if count < 64 { return unsafe try median(low, middle, high) }
    return unsafe try median(
      recursiveMedian(low, eighth), recursiveMedian(middle, eighth), recursiveMedian(high, eighth))
  }

  @inlinable
  func recursiveMedian(_ elements: Place, _ count: Int) throws(Failure) -> Place {
    if count < 8 { return unsafe elements }
    let eighth = count / 8
    return unsafe try median(
      recursiveMedian(elements, eighth), recursiveMedian(elements + 4 &* eighth, eighth),
      recursiveMedian(elements + 7 &* eighth, eighth))
  }

  @inlinable
  func median(_ a: Place, _ b: Place, _ c: Place) throws(Failure) -> Place {
    let isFirstLower = unsafe try precedes(a, b)
    if unsafe try precedes(a, c) != isFirstLower { return unsafe a }
    return unsafe try precedes(b, c) == isFirstLower ? b : c
  }
}
