/// Writes the bucket of each element, as a number less than `bucketLimit`.
///
/// The pivots are sorted, 63 of them, or 31 if `findsEqual`; the first is repeated in front of them, at index 0. Let
/// `place` be the index of the last pivot that does not come after the element, or 0 if there is none. Then the bucket
/// is twice `place`, plus one if the element comes after the pivot there. If `findsEqual` is false, one is added in any
/// case.
///
/// Work O(n): six comparisons for each element. No branch depends on an element.
/// After Sanders & Winkel, "Super scalar sample sort", 2004.
@_alwaysEmitIntoClient
@inline(__always)
func classifyKernel<Element, Failure>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ pivots: UnsafeMutablePointer<Element>, findsEqual: Bool,
  _ buckets: UnsafeMutablePointer<UInt8>, _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) {
  if findsEqual {
    for index in 0..<count {
      let element = unsafe elements + index
      let pivot = unsafe try lastPivotKernel(element, pivots, less)
      let isGreater = unsafe try less(pivot.pointee, element.pointee).asInt
      unsafe buckets[index] = UInt8(truncatingIfNeeded: 2 &* (pivot - pivots) &+ isGreater)
    }
  } else {
    for index in 0..<count {
      let element = unsafe elements + index
      let half = unsafe pivots + (try !less(element.pointee, pivots[32])).asInt &<< 5
      let pivot = unsafe try lastPivotKernel(element, half, less)
      unsafe buckets[index] = UInt8(truncatingIfNeeded: 2 &* (pivot - pivots) &+ 1)
    }
  }
}

/// Returns the last of 32 consecutive pivots that does not come after an element, or the one at index 0; by bisection.
@_alwaysEmitIntoClient
@inline(__always)
func lastPivotKernel<Element, Failure>(
  _ element: UnsafeMutablePointer<Element>, _ pivots: UnsafeMutablePointer<Element>,
  _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) -> UnsafeMutablePointer<Element> {
  var pivot = unsafe pivots
  unsafe pivot += try (!less(element.pointee, pivot[16])).asInt &<< 4
  unsafe pivot += try (!less(element.pointee, pivot[8])).asInt &<< 3
  unsafe pivot += try (!less(element.pointee, pivot[4])).asInt &<< 2
  unsafe pivot += try (!less(element.pointee, pivot[2])).asInt &<< 1
  unsafe pivot += try (!less(element.pointee, pivot[1])).asInt
  return unsafe pivot
}

/// An upper bound for bucket numbers, exclusive.
@inlinable var bucketLimit: Int { 128 }
