// Also where a reduction takes an operator, what its argument captures is used on several threads.

import Skein

func total(_ numbers: [Int], _ operation: @escaping (Int, Int) -> Int) -> Int {
  #if CONTROL
    return numbers.parallel.reduce(0, &+)
  #else
    // expected: Sendable
    return numbers.parallel.reduce(0, operation)
  #endif
}
