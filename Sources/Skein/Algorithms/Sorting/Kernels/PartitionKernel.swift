/// Moves the elements for which `goesLeft` holds to the front, in place. The second range continues the first.
///
/// Elements at either end that are in place are skipped, which is all of them if they are in order, and as long as that
/// leads far enough, the two that end it are exchanged: so few of nearly sorted elements are moved. Of the rest one
/// element is held apart, which leaves a gap. Each step moves the first element of the right part into the gap, and the
/// next unclassified element into that one's place, whichever side it belongs to: only the border of the right part
/// depends on the answer, and there is no branch to mispredict.
///
/// Work O(n). Scratch: one element. Not stable.
/// Skipping and exchanging is Hoare's partition, "Quicksort", 1962.
/// After Lomuto's partition, cyclic: Bergdoll & Peters, "Branchless Lomuto partitioning", 2023; Edelkamp & Weiss, "BlockQuicksort", 2016.
@_alwaysEmitIntoClient
@inline(__always)
func partitionKernel<Element, Failure>(
  _ first: UnsafeMutablePointer<Element>, _ firstCount: Int, _ second: UnsafeMutablePointer<Element>,
  _ secondCount: Int,
  _ goesLeft: (UnsafeMutablePointer<Element>) throws(Failure) -> Bool
) throws(Failure) -> Int {
  var (first, firstCount, secondCount, passed) = unsafe (first, firstCount, secondCount, 0)
  let fullCredit = (firstCount &+ secondCount) / exchangeCreditDivisor
  var credit = fullCredit
  while true {
    let unskipped = firstCount &+ secondCount
    while true {
      while firstCount > 0, unsafe try goesLeft(first) {
        unsafe first += 1
        firstCount &-= 1
        passed &+= 1
      }
      if firstCount > 0 || secondCount == 0 { break }
      unsafe (first, firstCount, secondCount) = unsafe (second, secondCount, 0)
    }
    while secondCount > 0, unsafe try !goesLeft(second + (secondCount &- 1)) { secondCount &-= 1 }
    if secondCount == 0 { while firstCount > 0, unsafe try !goesLeft(first + (firstCount &- 1)) { firstCount &-= 1 } }
    if firstCount == 0 { return passed }
    credit = min(credit &+ (unskipped &- firstCount &- secondCount) &- exchangePrice, fullCredit)
    if credit < 0 { break }
    // Both the first and the last one that are left, which are two, are on the wrong side.
    if secondCount > 0 {
      secondCount &-= 1
      unsafe exchange(first, second + secondCount)
    } else {
      firstCount &-= 1
      unsafe exchange(first, first + firstCount)
    }
    unsafe first += 1
    firstCount &-= 1
    passed &+= 1
  }
  return unsafe try withElementHeld(first) { (held, gap) throws(Failure) in
    var border = unsafe first
    var (next, rest) = unsafe (first + 1, firstCount &- 1)
    var isBorderInSecond = false
    var isNextInSecond = false
    while true {
      if rest == 0 {
        if isNextInSecond || secondCount == 0 { break }
        unsafe (next, rest, isNextInSecond) = unsafe (second, secondCount, true)
      }
      if !isBorderInSecond, isNextInSecond, unsafe border == first + firstCount {
        unsafe (border, isBorderInSecond) = unsafe (second, true)
      }
      // For this many steps the border stays in its range.
      let steps = unsafe isBorderInSecond ? rest : min(rest, first + firstCount - border)
      for _ in 0..<steps {
        let goes = unsafe try goesLeft(next)
        unsafe copyBits(border, gap)
        unsafe copyBits(next, border)
        unsafe gap = unsafe next
        unsafe border += goes.asInt
        unsafe next += 1
      }
      rest &-= steps
    }
    if !isBorderInSecond, unsafe border == first + firstCount {
      unsafe (border, isBorderInSecond) = unsafe (second, true)
    }
    let goes = unsafe try goesLeft(held)
    unsafe copyBits(border, gap)
    unsafe gap = unsafe border
    return unsafe passed &+ (isBorderInSecond ? firstCount &+ (border - second) : border - first) &+ goes.asInt
  }
}

/// How many elements must be skipped, on average, for each exchange: about as many as a step in which both tests are
/// mispredicted costs without it.
@inlinable var exchangePrice: Int { 8 }
/// Of how many elements one may be missing before elements are no longer exchanged. Where a parallel partition has
/// exchanged strays, many elements on the wrong side follow one another. Random ones use it up within about a hundredth.
@inlinable var exchangeCreditDivisor: Int { 64 }

/// Takes an element out for the duration of `body`, which reports the gap that it is returned to, also when it throws.
@_alwaysEmitIntoClient
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
