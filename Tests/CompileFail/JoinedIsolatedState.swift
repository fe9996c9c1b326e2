// The second closure of a join may run on another thread, where the state of the main actor is out of reach; the first one stays.

import Skein

@MainActor
final class Model {
  var items = [3, 1, 2]

  func halves() -> (Int, Int) {
    #if CONTROL
      join({ items.count }, and: { [items] in items.count })
    #else
      // expected: main actor-isolated property 'items' can not be referenced from a Sendable closure
      join({ items.count }, and: { items.count })
    #endif
  }
}
