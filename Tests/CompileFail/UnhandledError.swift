// A loop throws what its closure throws, and a loop whose closure cannot throw needs no `try`.

import Skein

struct Overflow: Error {}

func check(_ numbers: [Int]) throws(Overflow) {
  #if CONTROL
    numbers.parallel.forEach { _ in }
    try numbers.parallel.forEach { (number: Int) throws(Overflow) in
      if number > 100 { throw Overflow() }
    }
  #else
    // expected: call can throw but is not marked with 'try'
    numbers.parallel.forEach { (number: Int) throws(Overflow) in
      if number > 100 { throw Overflow() }
    }
  #endif
}
