// A filter's elements have no known places, so there is no telling which is every third of them.

import Skein

func everyThird(_ numbers: [Int]) -> [Int] {
  #if CONTROL
    return Array(numbers.parallel.striding(by: 3).filter { $0.isMultiple(of: 2) })
  #else
    // expected: write striding before filter
    return Array(numbers.parallel.filter { $0.isMultiple(of: 2) }.striding(by: 3))
  #endif
}
