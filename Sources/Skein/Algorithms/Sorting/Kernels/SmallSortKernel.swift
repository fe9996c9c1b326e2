// Sorts a few elements: by insertion if hardly any of them are out of order; otherwise by networks for up to four
// elements, followed by merges of halves from both ends at once, which are two independent chains without a branch.
//
// Work O(n log n). Stable. Scratch n.
// The networks: Knuth, The Art of Computer Programming, vol. 3, 5.3.4. Merging from both ends: after Peters, "Quadsort", 2021.

/// The most elements that `SortKernels.sortSmall` sorts.
@inlinable var smallSort: Int { 32 }

// Not always inlined: in a closure that has been specialised for its captures, the compiler does not inline C functions
// such as those that `select` calls.

/// - Parameter isInScratch: Whether the elements are in the scratch initially.
@inlinable
func sortSmallKernel<Element, Failure>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ scratch: UnsafeMutablePointer<Element>,
  isInScratch: Bool = false, _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) {
  if count < 2 {
    if isInScratch { unsafe copyBits(scratch, elements, count: count) }
    return
  }
  let isNearlySorted: Bool
  do throws(Failure) {
    isNearlySorted = unsafe try isNearlySortedKernel(isInScratch ? scratch : elements, count, less)
  } catch {
    if isInScratch { unsafe copyBits(scratch, elements, count: count) }
    throw error
  }
  if isNearlySorted {
    if isInScratch { unsafe copyBits(scratch, elements, count: count) }
    return unsafe try insertionSortKernel(elements, count, less)
  }
  // The elements are cut evenly into `leaves` parts of at most four; then there are `levels` of merges.
  let levels = count <= 4 ? 0 : count <= 8 ? 1 : count <= 16 ? 2 : 3
  let leaves = 1 &<< levels
  // Each step reads one place and writes the other, so that its source stays intact until it ends.
  var (from, to) = unsafe (elements, scratch)
  if levels & 1 == 0 { unsafe (from, to) = unsafe (scratch, elements) }
  if unsafe isInScratch != (from == scratch) { unsafe copyBits(to, from, count: count) }
  do throws(Failure) {
    var start = 0
    for leaf in 1...leaves {
      let end = (leaf &* count) &>> levels
      unsafe try sortFewKernel(from + start, end &- start, to + start, less)
      start = end
    }
    var level = levels
    while level > 0 {
      unsafe (from, to) = unsafe (to, from)
      level &-= 1
      var start = 0
      for part in 1...(1 &<< level) {
        let middle = ((2 &* part &- 1) &* count) &>> (level &+ 1)
        let end = (part &* count) &>> level
        unsafe try mergeHalvesKernel(from + start, middle &- start, end &- start, to + start, less)
        start = end
      }
    }
  } catch {
    if unsafe from == scratch { unsafe copyBits(scratch, elements, count: count) }
    throw error
  }
}

/// Whether at most two elements come before their predecessors.
@_alwaysEmitIntoClient
@inline(__always)
func isNearlySortedKernel<Element, Failure>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) -> Bool {
  var (next, descents) = (1, 0)
  while next < count, descents <= 2 {
    unsafe descents &+= try less(elements[next], elements[next &- 1]).asInt
    next &+= 1
  }
  return descents <= 2
}

/// Sorts by insertion, in place: work O(n) plus the moves of elements.
@_alwaysEmitIntoClient
@inline(__always)
func insertionSortKernel<Element, Failure>(
  _ elements: UnsafeMutablePointer<Element>, _ count: Int, _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) {
  for index in 1..<count {
    guard unsafe try less(elements[index], elements[index &- 1]) else { continue }
    unsafe try withElementHeld(elements + index) { (held, gap) throws(Failure) in
      while true {
        unsafe copyBits(gap - 1, gap)
        unsafe gap -= 1
        if unsafe gap == elements { break }
        if unsafe try !less(held.pointee, gap[-1]) { break }
      }
    }
  }
}

/// Sorts one to four elements into another place.
@_alwaysEmitIntoClient
@inline(__always)
func sortFewKernel<Element, Failure>(
  _ source: UnsafeMutablePointer<Element>, _ count: Int, _ result: UnsafeMutablePointer<Element>,
  _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) {
  guard count > 1 else { return unsafe copyBits(source, result) }
  let swapsFirst = unsafe try less(source[1], source[0])
  let low = unsafe source + swapsFirst.asInt
  let high = unsafe source + (swapsFirst.asInt ^ 1)
  if count == 2 {
    unsafe copyBits(low, result)
    unsafe copyBits(high, result + 1)
  } else if count == 3 {
    let third = unsafe source + 2
    let isLowest = unsafe try less(third.pointee, low.pointee)
    let isLower = unsafe try less(third.pointee, high.pointee)
    // An inconsistent order may call the third element the lowest and yet not lower than the higher of the first two.
    let comesFirst = isLowest.asInt & isLower.asInt == 1
    unsafe copyBits(select(comesFirst, third, low), result)
    unsafe copyBits(select(comesFirst, low, select(isLower, third, high)), result + 1)
    unsafe copyBits(select(isLower, high, third), result + 2)
  } else {
    let swapsSecond = unsafe try less(source[3], source[2])
    let otherLow = unsafe source + 2 + swapsSecond.asInt
    let otherHigh = unsafe source + 2 + (swapsSecond.asInt ^ 1)
    let otherIsLowest = unsafe try less(otherLow.pointee, low.pointee)
    let firstIsHighest = unsafe try less(otherHigh.pointee, high.pointee)
    // The two middle ones; the one from the first pair precedes the one from the second if each pair provides one.
    let left = unsafe select(otherIsLowest, low, select(firstIsHighest, otherLow, high))
    let right = unsafe select(firstIsHighest, otherHigh, select(otherIsLowest, high, otherLow))
    let swapsMiddle = unsafe try less(right.pointee, left.pointee)
    unsafe copyBits(select(otherIsLowest, otherLow, low), result)
    unsafe copyBits(select(swapsMiddle, right, left), result + 1)
    unsafe copyBits(select(swapsMiddle, left, right), result + 2)
    unsafe copyBits(select(firstIsHighest, high, otherHigh), result + 3)
  }
}

/// Merges two neighbouring sorted ranges, whose lengths differ by at most one, into another place.
@_alwaysEmitIntoClient
@inline(__always)
func mergeHalvesKernel<Element, Failure>(
  _ source: UnsafeMutablePointer<Element>, _ middle: Int, _ count: Int, _ result: UnsafeMutablePointer<Element>,
  _ less: (Element, Element) throws(Failure) -> Bool
) throws(Failure) {
  let stride = MemoryLayout<Element>.stride
  // From the front: the next element of the left half, and the distance from it to the next of the right half. From the
  // back: the last remaining element of the right half, and the distance from it to the last of the left half.
  // Distances are in bytes.
  var (left, toRight) = unsafe (source, middle &* stride)
  var (right, toLeft) = unsafe (source + (count &- 1), (middle &- count) &* stride)
  var (low, high) = unsafe (result, result + (count &- 1))
  for _ in 0..<(count &>> 1) {
    let takesRight = mask(unsafe try less(left.moved(toRight).pointee, left.pointee))
    unsafe copyBits(left.moved(toRight & takesRight), low)
    unsafe left = unsafe left.moved(stride &- (stride & takesRight))
    toRight &+= 2 &* (stride & takesRight) &- stride
    unsafe low += 1

    let takesLeft = mask(unsafe try less(right.pointee, right.moved(toLeft).pointee))
    unsafe copyBits(right.moved(toLeft & takesLeft), high)
    unsafe right = unsafe right.moved((stride & takesLeft) &- stride)
    toLeft &-= 2 &* (stride & takesLeft) &- stride
    unsafe high -= 1
  }
  let leftEnd = unsafe right.moved(toLeft)
  var otherLeft = unsafe left.moved(toRight)
  if count & 1 == 1 {
    let isLeft = unsafe left <= leftEnd
    unsafe copyBits(select(isLeft, left, otherLeft), low)
    unsafe left += isLeft.asInt
    unsafe otherLeft += isLeft.asInt ^ 1
  }
  // The chains have met exactly, unless the order is inconsistent; in that case some element was taken twice.
  if unsafe _slowPath(left != leftEnd + 1 || otherLeft != right + 1) { unsafe copyBits(source, result, count: count) }
}
