extension SortKernels {
  /// Returns an element near the median of at least eight elements.
  ///
  /// It is the median of three; if there are many elements, each of the three is such a median of a part of its own. In
  /// all, it looks at some *n*⁰·⁵ elements.
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
}

/// Returns the median of three elements; one of them, whatever the order says.
@_alwaysEmitIntoClient
@inline(__always)
func medianKernel<Element, Failure>(
  _ a: UnsafeMutablePointer<Element>, _ b: UnsafeMutablePointer<Element>, _ c: UnsafeMutablePointer<Element>,
  _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) -> UnsafeMutablePointer<Element> {
  let isFirstLower = unsafe try less(a.pointee, b.pointee)
  if unsafe try less(a.pointee, c.pointee) != isFirstLower { return unsafe a }
  return unsafe try less(b.pointee, c.pointee) == isFirstLower ? b : c
}
