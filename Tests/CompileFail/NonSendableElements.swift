// The elements of a parallel sequence are used on several threads, so objects that only one may use have no `parallel`.

import Skein

#if CONTROL
  final class Node: Sendable {
    let weight = 1
  }
#else
  final class Node {
    var weight = 1
  }
#endif

func weigh(_ nodes: [Node]) -> Int {
  // expected: type 'Node' does not conform to the 'Sendable' protocol
  nodes.parallel.map { $0.weight }.sum()
}
