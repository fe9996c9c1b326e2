// How many elements a filter lets through is not known beforehand, so they have no offsets to split at.

import Skein

func windows(_ numbers: [Int]) -> [Int] {
  #if CONTROL
    return Array(numbers.parallel.map { $0 + 1 }.reversed())
  #else
    // expected: reversed
    return Array(numbers.parallel.filter { $0 > 1 }.reversed())
  #endif
}
