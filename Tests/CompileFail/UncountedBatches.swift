// How many elements a filter lets through is not known beforehand, so there is no telling where a batch of them ends.

import Skein

func evenSum(_ numbers: [Int]) -> Int {
  #if CONTROL
    return numbers.parallel.batched(minimum: 100).filter { $0.isMultiple(of: 2) }.sum()
  #else
    // expected: write batched before filter
    return numbers.parallel.filter { $0.isMultiple(of: 2) }.batched(minimum: 100).sum()
  #endif
}
