// What `run` gives back must not stay reachable for the thread that made it, or be `Sendable`.

import Skein

final class Node {
  var value = 0
}

func make(in pool: ThreadPool) -> Node {
  #if CONTROL
    return pool.run { Node() }
  #else
    let cached = Node()
    // expected: returning task-isolated 'cached' as a 'sending' result risks causing data races
    return pool.run { cached }
  #endif
}
