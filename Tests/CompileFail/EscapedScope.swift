// A scope waits for what was spawned in it, so it cannot be kept beyond its closure.

import Skein

func keep() {
  #if CONTROL
    withParallelScope { scope in
      scope.spawn { print("inside") }
    }
  #else
    withParallelScope { scope in
      Task.detached {
        // expected: scope
        scope.spawn { print("too late") }
      }
    }
  #endif
}
