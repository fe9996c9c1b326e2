// What is spawned in a scope runs after the statement that spawned it, so it cannot hold on to an `inout` parameter.

import Skein

func clear(_ numbers: inout [Int]) {
  #if CONTROL
    let count = numbers.count
    withParallelScope { scope in
      scope.spawn { print(count) }
    }
    numbers.removeAll()
  #else
    withParallelScope { scope in
      // expected: mutable capture of 'inout' parameter 'numbers' is not allowed in concurrently-executing code
      scope.spawn { numbers.removeAll() }
    }
  #endif
}
