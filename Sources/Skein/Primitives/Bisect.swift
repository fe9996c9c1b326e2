/// The first of `0..<count` for which a condition does not hold that holds for all before it.
@inlinable
@inline(__always)
func bisect<E: Error>(_ count: Int, _ holds: (Int) throws(E) -> Bool) throws(E) -> Int {
  var (low, high) = (0, count)
  while low < high {
    let middle = low &+ (high &- low) / 2
    if try holds(middle) { low = middle &+ 1 } else { high = middle }
  }
  return low
}
