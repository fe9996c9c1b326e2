/// Sorts in place, equally well whatever the order of the elements: the fallback of quicksort when its pivots are bad.
///
/// Work and span O(n log n). No scratch. Not stable. Williams 1964; Floyd 1964.
@_alwaysEmitIntoClient
@inline(__always)
func heapSortKernel<Element, Failure>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) {
  // First the heap is built from its leaves up; then its top is moved to the end repeatedly.
  var step = count &+ count / 2
  while step > 1 {
    step &-= 1
    var (node, end) = (step &- count, count)
    if node < 0 {
      unsafe exchange(elements, elements + step)
      (node, end) = (0, step)
    }
    while true {
      var child = 2 &* node &+ 1
      if child >= end { break }
      if child &+ 1 < end { unsafe child &+= try less(elements[child], elements[child &+ 1]).asInt }
      if unsafe try !less(elements[node], elements[child]) { break }
      unsafe exchange(elements + node, elements + child)
      node = child
    }
  }
}
