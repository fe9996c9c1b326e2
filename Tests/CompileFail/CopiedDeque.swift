// A deque has one owner: it can be moved, not copied.

import SkeinDeque

func fill() -> Int? {
  // expected: 'deque' used after consume
  var deque = WorkStealingDeque<Int>(order: .lifo)
  deque.push(1)
  #if CONTROL
    return deque.pop()
  #else
    var copy = deque
    return copy.pop() ?? deque.pop()
  #endif
}
