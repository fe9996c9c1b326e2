// Modifying in place needs a variable: a constant array is left alone.

import Skein

func doubled(_ numbers: [Int]) -> [Int] {
  #if CONTROL
    var numbers = numbers
    numbers.parallel.modifyEach { $0 *= 2 }
    return numbers
  #else
    // expected: cannot use mutating member on immutable value
    numbers.parallel.modifyEach { $0 *= 2 }
    return numbers
  #endif
}
