/// Copies elements to the front of the scratch, in order, if `goesLeft` says so, and else to its end, in reverse.
///
/// Work O(n). No branch depends on an element. The elements themselves stay where they are.
///
/// - Returns: How many went to the front.
@inlinable
@inline(__always)
func splitKernel<Element, Failure>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ scratch: UnsafeMutablePointer<Element>,
  _ goesLeft: (UnsafeMutablePointer<Element>) throws(Failure) -> Bool
) throws(Failure) -> Int {
  var left = 0
  // Where the next one goes on the right is as far before the end as elements have gone there; counted from `end + left`.
  var end = unsafe scratch + (count &- 1)
  var element = unsafe elements
  for _ in 0..<count {
    let goes = unsafe try goesLeft(element)
    unsafe copyBits(element, (goes ? scratch : end) + left)
    left &+= goes.asInt
    unsafe end -= 1
    unsafe element += 1
  }
  return left
}
