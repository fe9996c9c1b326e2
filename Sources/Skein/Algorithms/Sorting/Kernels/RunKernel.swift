/// Returns the length of the sorted run at the start of some elements, negated if the run descends strictly.
///
/// Work O(length).
@_alwaysEmitIntoClient
@inline(__always)
func runKernel<Element, Failure>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) -> Int {
  if count < 2 { return count }
  var next = 2
  if unsafe try less(elements[1], elements[0]) {
    while next < count, unsafe try less(elements[next], elements[next &- 1]) { next &+= 1 }
    return -next
  }
  while next < count, unsafe try !less(elements[next], elements[next &- 1]) { next &+= 1 }
  return next
}
