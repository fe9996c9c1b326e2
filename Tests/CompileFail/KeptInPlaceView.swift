// What changes a variable in place, in a way of your choice, lives no longer than the access to the variable.

import Skein

func sorted(_ numbers: [Int], in pool: ThreadPool) -> [Int] {
  var numbers = numbers
  #if CONTROL
    numbers.parallel(in: pool).sort()
  #else
    // expected: overlapping accesses to 'numbers'
    let view: ParallelInPlace<[Int]> = numbers.parallel(in: pool)
    numbers.append(1)
    view.sort()
  #endif
  return numbers
}
