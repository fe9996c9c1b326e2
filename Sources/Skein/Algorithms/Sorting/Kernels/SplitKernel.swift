/// Moves elements for which `goesLeft` holds to the left place, in order, and the others to the right place, in order
/// too.
///
/// Both places have room for all elements, which are at the beginning of either, or elsewhere. Each is written to both
/// places, and only the next destinations depend on the answer: there is no branch to mispredict, and a write to the
/// wrong place overwrites an element that has been read already, or the element itself.
///
/// If `goesLeft` throws, all elements are in the left place, in some order.
///
/// Work O(n). Stable.
///
/// - Returns: The number of elements on the left.
@_alwaysEmitIntoClient
@inline(__always)
func splitKernel<Element, Failure>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ left: UnsafeMutablePointer<Element>,
  _ right: UnsafeMutablePointer<Element>, _ goesLeft: (UnsafeMutablePointer<Element>) throws(Failure) -> Bool
) throws(Failure) -> Int {
  var (element, leftEnd, rightEnd) = unsafe (elements, left, right)
  do throws(Failure) {
    for _ in 0..<count {
      let goes = unsafe try goesLeft(element)
      unsafe copyBits(element, leftEnd)
      unsafe copyBits(element, rightEnd)
      unsafe leftEnd += goes.asInt
      unsafe rightEnd += goes.asInt ^ 1
      unsafe element += 1
    }
  } catch {
    let done = unsafe element - elements
    unsafe copyBits(right, leftEnd, count: rightEnd - right)
    if unsafe elements != left { unsafe copyBits(element, left + done, count: count - done) }
    throw error
  }
  return unsafe leftEnd - left
}
