// Which element a filter lets through as its third is not known beforehand, so there is nothing to pair it with.

import Skein

func pairs(_ numbers: [Int], _ names: [String]) -> [(Int, String)] {
  #if CONTROL
    return Array(zip(numbers.parallel, names.parallel).filter { $0.0 > 0 })
  #else
    // expected: zip first and filter afterwards
    return Array(zip(numbers.parallel.filter { $0 > 0 }, names.parallel))
  #endif
}
