// The closure of `run` runs on another thread, where the state of the main actor is out of reach.

import Skein

@MainActor
final class Model {
  var items = [3, 1, 2]

  func total(in pool: ThreadPool) -> Int {
    #if CONTROL
      return pool.run { [items] in items.parallel.sum() }
    #else
      // expected: main actor-isolated property 'items' can not be referenced from a nonisolated context
      return pool.run { items.parallel.sum() }
    #endif
  }
}
