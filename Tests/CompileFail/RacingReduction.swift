// A reduction combines on several threads what its closure returns: the closure cannot keep a running total of its own.

import Skein

func total(_ numbers: [Int]) -> Int {
  #if CONTROL
    return numbers.parallel.reduce(0) { $0 + $1 }
  #else
    var total = 0
    numbers.parallel.forEach { number in
      // expected: mutation of captured var 'total' in concurrently-executing code
      total += number
    }
    return total
  #endif
}
