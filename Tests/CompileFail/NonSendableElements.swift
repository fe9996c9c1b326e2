// A stealer takes elements to another thread, so it is Sendable only if they are.

import SkeinDeque

final class Node {}

func share(_ value: some Sendable) {}

func thieve() {
  #if CONTROL
    let deque = WorkStealingDeque<Int>(order: .fifo)
    share(deque.stealer)
  #else
    let deque = WorkStealingDeque<Node>(order: .fifo)
    // expected: type 'Node' does not conform to the 'Sendable' protocol
    share(deque.stealer)
  #endif
}
