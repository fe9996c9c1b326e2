/// Returns, by bisection, the first of `0..<count` that does not satisfy a condition, or `count` if all do. The condition
/// holds up to some number and then no more.
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
