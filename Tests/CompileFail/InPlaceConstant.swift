// Changing elements in a pool of your choice needs a variable, too.

import Skein

func sort(_ numbers: [Int], in pool: ThreadPool) {
  #if CONTROL
    var numbers = numbers
    numbers.parallel(in: pool).sort()
  #else
    // expected: cannot use mutating member on immutable value
    numbers.parallel(in: pool).sort()
  #endif
}
