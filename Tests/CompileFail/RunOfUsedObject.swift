// An object that is not `Sendable` can be handed over to the closure of `run`, but not used on both sides.

import Skein

final class Node {
  var value = 0
  var next: Node?
}

func count(in pool: ThreadPool, _ lent: Node) {
  #if CONTROL
    let node = Node()
    pool.run { node.value += 1 }
  #else
    // expected: passing closure as a 'sending' parameter risks causing data races
    pool.run { lent.value += 1 }
  #endif
}
