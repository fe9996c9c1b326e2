/// Merges two sorted ranges into a third place. Stable: of equal elements, those of the left range come first.
///
/// Work O(n). No branch depends on an element.
@inlinable
func mergeKernel<Element, Failure>(
  _ left: UnsafeMutablePointer<Element>, _ leftCount: Int, _ right: UnsafeMutablePointer<Element>, _ rightCount: Int,
  _ result: UnsafeMutablePointer<Element>, _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) {
  let stride = MemoryLayout<Element>.stride
  var (left, right, result) = unsafe (left, right, result)
  let (leftEnd, rightEnd) = unsafe (left + leftCount, right + rightCount)
  while unsafe left < leftEnd, unsafe right < rightEnd {
    // Neither range ends within this many steps.
    var steps = unsafe min(leftEnd - left, rightEnd - right)
    while steps > 0 {
      let takesRight = mask(unsafe try less(right.pointee, left.pointee))
      let distance = unsafe UnsafeRawPointer(right) - UnsafeRawPointer(left)
      unsafe copyBits(left.moved(distance & takesRight), result)
      unsafe right = unsafe right.moved(stride & takesRight)
      unsafe left = unsafe left.moved(stride &- (stride & takesRight))
      unsafe result += 1
      steps &-= 1
    }
  }
  if unsafe left < leftEnd {
    unsafe copyBits(left, result, count: leftEnd - left)
  } else {
    unsafe copyBits(right, result, count: rightEnd - right)
  }
}
