// The closure of a parallel loop runs on several threads, so it cannot capture an object that only one may use.

import Skein
import Synchronization

final class Tally {
  var count = 0
}

func countEven(_ numbers: [Int]) -> Int {
  #if CONTROL
    let tally = Atomic(0)
    numbers.parallel.forEach { number in
      if number.isMultiple(of: 2) { tally.add(1, ordering: .relaxed) }
    }
    return tally.load(ordering: .relaxed)
  #else
    let tally = Tally()
    numbers.parallel.forEach { number in
      // expected: capture of 'tally' with non-Sendable type 'Tally' in a '@Sendable' closure
      if number.isMultiple(of: 2) { tally.count += 1 }
    }
    return tally.count
  #endif
}
