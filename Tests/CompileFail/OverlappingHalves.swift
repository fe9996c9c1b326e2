// Two closures of a join may run at the same time, so they cannot both have the same array to change.

import Skein

func double(_ numbers: inout [Int]) {
  #if CONTROL
    numbers.parallel.modifyEach { $0 *= 2 }
  #else
    let middle = numbers.count / 2
    join {
      for index in 0..<middle { numbers[index] *= 2 }
    } and: {
      // expected: mutable capture of 'inout' parameter 'numbers'
      for index in middle... { numbers[index] *= 2 }
    }
  #endif
}
