// What is spawned in a scope runs beside the scope's own closure: it cannot change a variable they share.

import Skein
import Synchronization

func count() -> Int {
  #if CONTROL
    let count = Atomic(0)
    withParallelScope { scope in
      scope.spawn { count.add(1, ordering: .relaxed) }
    }
    return count.load(ordering: .relaxed)
  #else
    var count = 0
    withParallelScope { scope in
      // expected: mutation of captured var 'count' in concurrently-executing code
      scope.spawn { count += 1 }
    }
    return count
  #endif
}
