// An element is given away when it is pushed: another thread may take it at once, so its pusher cannot go on using it.

import SkeinDeque

final class Node {
  var value = 0
}

func pushOne(to deque: inout WorkStealingDeque<Node>) {
  let node = Node()
  #if CONTROL
    node.value = 1
    deque.push(node)
  #else
    // expected: sending 'node' risks causing data races
    deque.push(node)
    node.value = 1
  #endif
}
