// The second closure of a join may run on another thread, so it cannot change a variable of the function around it.

import Skein

func halves(_ numbers: [Int]) -> (Int, Int) {
  let middle = numbers.count / 2
  #if CONTROL
    return join {
      numbers[..<middle].reduce(0, +)
    } and: {
      numbers[middle...].reduce(0, +)
    }
  #else
    var upper = 0
    let (lower, _) = join {
      numbers[..<middle].reduce(0, +)
    } and: {
      // expected: mutation of captured var 'upper' in concurrently-executing code
      upper = numbers[middle...].reduce(0, +)
    }
    return (lower, upper)
  #endif
}
