import InterleavingExplorer
import SkeinDeque

extension Script {
  /// The injection queue's scripts; a block has three places.
  static let injection: [Script] = [
    Script(name: "push against steal") {
      let queue = ExploredInjection()
      return Execution(threads: [{ queue.push(1) }, { queue.steal() }], check: { queue.check() })
    },
    Script(name: "two pushers") {
      let queue = ExploredInjection()
      return Execution(threads: [{ queue.push(1) }, { queue.push(2) }], check: { queue.check() })
    },
    Script(name: "two thieves") {
      let queue = ExploredInjection(pushing: [1, 2])
      return Execution(threads: [{ queue.steal() }, { queue.steal() }], check: { queue.check() })
    },
    Script(name: "pushers at the end of a block") {
      let queue = ExploredInjection(pushing: [1, 2])
      return Execution(threads: [{ queue.push(3) }, { queue.push(4) }], check: { queue.check() })
    },
    Script(name: "pusher and thief at the end of a block") {
      let queue = ExploredInjection(pushing: [1, 2], stealing: 2)
      return Execution(
        threads: [
          {
            queue.push(3)
            queue.push(4)
          },
          {
            queue.steal()
            queue.steal()
          },
        ], check: { queue.check() })
    },
    Script(name: "thieves at the end of a block") {
      let queue = ExploredInjection(pushing: [1, 2, 3, 4, 5], stealing: 1)
      return Execution(
        threads: [
          {
            queue.steal()
            queue.steal()
          }, { queue.steal() },
        ], check: { queue.check() })
    },
    Script(name: "a block is freed while others push and steal") {
      let queue = ExploredInjection(pushing: [1, 2], stealing: 1)
      return Execution(
        threads: [
          {
            queue.push(3)
            queue.push(4)
          }, { queue.steal() }, { queue.steal() },
        ], check: { queue.check() })
    },
    Script(name: "a batch across blocks") {
      let queue = ExploredInjection(pushing: [1, 2, 3, 4, 5, 6], stealing: 1)
      let deque = ExploredDeque(.fifo, capacity: 8)
      return Execution(
        threads: [{ queue.steal(upTo: 4, into: deque) }, { queue.steal() }, { queue.push(7) }],
        check: { queue.check(with: [deque]) })
    },
    Script(name: "a batch against a pusher that starts a block") {
      let queue = ExploredInjection(pushing: [1, 2])
      let deque = ExploredDeque(.lifo, capacity: 8)
      return Execution(
        threads: [
          { queue.steal(upTo: 4, into: deque) },
          {
            queue.push(3)
            queue.push(4)
          },
        ], check: { queue.check(with: [deque]) })
    },
    Script(name: "dropped by the last of a pusher and a thief") {
      final class User {
        var queue: ExploredInjection?
        init(_ queue: ExploredInjection) { self.queue = queue }
      }
      let queue = ExploredInjection(pushing: [1, 2], stealing: 1)
      let (pusher, thief) = (User(queue), User(queue))
      return Execution(
        threads: [
          {
            for element in 3...4 { pusher.queue?.push(element) }
            pusher.queue = nil
          },
          {
            for _ in 0..<2 { thief.queue?.steal() }
            thief.queue = nil
          },
        ], check: { nil })
    },
    Script(name: "a whole block goes by") {
      let queue = ExploredInjection(pushing: [1, 2, 3], index: .max)
      return Execution(
        threads: [
          { for element in 4...7 { queue.push(element) } },
          { for _ in 0..<5 { queue.steal() } },
        ], check: { queue.check() })
    },
  ]
}
