// The body of a scope stays on the calling thread and may use the state of the main actor; the tasks that it spawns may not.

import Skein
import Synchronization

@MainActor
final class Model {
  var count = 0

  func refresh() {
    #if CONTROL
      let seen = Mutex(0)
      withParallelScope { scope in
        count += 1
        scope.spawn { seen.withLock { $0 += 1 } }
      }
    #else
      withParallelScope { scope in
        // expected: main actor-isolated property 'count' can not be mutated from a Sendable closure
        scope.spawn { self.count += 1 }
      }
    #endif
  }
}
