/// Brings the elements for which `goesLeft` holds to the front, in place.
///
/// One element is held apart, so there is a gap; each step moves an element of the right part into it, and the next element into that
/// one's place, whichever side it belongs to: only a count depends on the answer, and there is no branch to mispredict.
///
/// Work O(n). Scratch: one element. Not stable.
/// After Lomuto's partition, cyclic: Bergdoll & Peters, "Branchless Lomuto partitioning", 2023; Edelkamp & Weiss, "BlockQuicksort", 2016.
@inlinable
@inline(__always)
func partitionKernel<Element, Failure>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int,
  _ goesLeft: (UnsafeMutablePointer<Element>) throws(Failure) -> Bool
) throws(Failure) -> Int {
  if count == 0 { return 0 }
  return unsafe try withElementHeld(elements) { (held, gap) throws(Failure) in
    var left = 0
    var next = unsafe elements + 1
    for _ in 1..<count {
      let goes = unsafe try goesLeft(next)
      let border = unsafe elements + left
      unsafe copyBits(border, gap)
      unsafe copyBits(next, border)
      unsafe gap = unsafe next
      left &+= goes.asInt
      unsafe next += 1
    }
    let goes = unsafe try goesLeft(held)
    unsafe copyBits(elements + left, gap)
    unsafe gap = unsafe elements + left
    return left &+ goes.asInt
  }
}

/// Takes an element out for the time of `body`, which says where the gap is that it goes back to, also when it throws.
@inlinable
@inline(__always)
func withElementHeld<Element, Result, Failure>(
  _ element: UnsafeMutablePointer<Element>,
  _ body: (_ held: UnsafeMutablePointer<Element>, _ gap: inout UnsafeMutablePointer<Element>) throws(Failure) -> Result
) throws(Failure) -> Result {
  var gap = unsafe element
  var held = unsafe element.move()
  defer { unsafe gap.initialize(to: held) }
  return unsafe try withUnsafeMutablePointer(to: &held) { (held) throws(Failure) in unsafe try body(held, &gap) }
}
