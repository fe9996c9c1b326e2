// What the second closure of a join gives must be made there, or be `Sendable`: it crosses to the calling thread.

import Skein

final class Node {
  var value = 0
}

#if CONTROL
  func pair() -> (Node, Node) { join({ Node() }, and: { Node() }) }
#else
  func pair(_ make: @Sendable () -> Node) -> (Node, Node) {
    // expected: type 'Node' does not conform to the 'Sendable' protocol
    join({ Node() }, and: make)
  }
#endif
