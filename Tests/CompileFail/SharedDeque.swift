// Only its owner pushes to a deque; other threads hold its stealers.

import SkeinDeque

func share(_ use: @Sendable () -> Void) { use() }

func thieve() {
  let deque = WorkStealingDeque<Int>(order: .fifo)
  #if CONTROL
    let stealer = deque.stealer
    share { _ = stealer.steal() }
  #else
    // expected: capture of 'deque' with non-Sendable type 'WorkStealingDeque<Int>' in a '@Sendable' closure
    share { _ = deque.isEmpty }
  #endif
}
