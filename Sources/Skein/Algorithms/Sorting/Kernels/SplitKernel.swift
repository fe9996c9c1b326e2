/// Moves elements to the left place, in order, if `goesLeft` says so, and else to the right place, in order too.
///
/// The left place has room for all of them, and so has the right one; the elements are at the beginning of either, or elsewhere.
/// Each is written to both places, and only where the next one goes depends on the answer: there is no branch to mispredict, and what
/// is written in the wrong place has been read already, or is the element itself.
///
/// If `goesLeft` throws, all elements are in the left place, in some order.
///
/// Work O(n). Stable.
///
/// - Returns: How many went to the left.
@inlinable
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
