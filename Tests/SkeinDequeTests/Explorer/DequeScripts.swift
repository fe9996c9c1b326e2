import InterleavingExplorer
import SkeinDeque

extension Script {
  /// The deque's own scripts. Elements are numbers from 1 on.
  static let deque: [Script] = DequeOrder.allCases.flatMap { order -> [Script] in
    [
      Script(name: "\(order): pop against steal, one element") {
        let deque = ExploredDeque(order, pushing: [1])
        return Execution(threads: [{ deque.pop() }, { deque.steal() }], check: { deque.check() })
      },
      Script(name: "\(order): pop against steal, two elements") {
        let deque = ExploredDeque(order, pushing: [1, 2])
        return Execution(
          threads: [
            {
              deque.pop()
              deque.pop()
            }, { deque.steal() },
          ], check: { deque.check() })
      },
      Script(name: "\(order): pop against two thieves") {
        let deque = ExploredDeque(order, pushing: [1, 2])
        return Execution(
          threads: [{ deque.pop() }, { deque.steal() }, { deque.steal() }], check: { deque.check() })
      },
      Script(name: "\(order): pop against a thief that steals twice") {
        let deque = ExploredDeque(order, pushing: [1, 2, 3])
        return Execution(
          threads: [
            {
              deque.pop()
              deque.pop()
            },
            {
              deque.steal()
              deque.steal()
            },
          ], check: { deque.check() })
      },
      Script(name: "\(order): push and pop against steal") {
        let deque = ExploredDeque(order)
        return Execution(
          threads: [
            {
              deque.push(1)
              deque.pop()
              deque.push(2)
              deque.pop()
            }, { deque.steal() },
          ], check: { deque.check() })
      },
      Script(name: "\(order): two pushes and a pop against steal") {
        let deque = ExploredDeque(order)
        return Execution(
          threads: [
            {
              deque.push(1)
              deque.push(2)
              deque.pop()
            }, { deque.steal() },
          ], check: { deque.check() })
      },
      Script(name: "\(order): emptied by thieves, then pushed to again") {
        let deque = ExploredDeque(order, pushing: [1, 2])
        return Execution(
          threads: [
            {
              deque.pop()
              deque.pop()
              deque.push(3)
              deque.pop()
            },
            {
              deque.steal()
              deque.steal()
            },
          ], check: { deque.check() })
      },
      Script(name: "\(order): growth against steal") {
        let deque = ExploredDeque(order, capacity: 2, pushing: [1, 2])
        return Execution(
          threads: [
            {
              deque.push(3)
              deque.push(4)
            }, { deque.steal() }, { deque.steal() },
          ], check: { deque.check() })
      },
      Script(name: "\(order): shrinking against steal") {
        let deque = ExploredDeque(order, capacity: 1, pushing: [1, 2, 3])
        deque.pop()
        return Execution(
          threads: [
            {
              deque.shrink()
              deque.push(4)
            },
            {
              deque.steal()
              deque.steal()
            },
          ], check: { deque.check() })
      },
      Script(name: "\(order): wrap-around") {
        let deque = ExploredDeque(order, capacity: 2, index: .max, pushing: [1, 2])
        return Execution(
          threads: [
            {
              deque.pop()
              deque.push(3)
            }, { deque.steal() }, { deque.steal() },
          ], check: { deque.check() })
      },
      Script(name: "\(order): batch against pop") {
        let deque = ExploredDeque(order, pushing: [1, 2, 3, 4])
        let other = ExploredDeque(.fifo)
        return Execution(
          threads: [
            {
              deque.pop()
              deque.pop()
              deque.pop()
            }, { deque.steal(upTo: 4, into: other) },
          ], check: { deque.check(with: [other]) })
      },
      Script(name: "\(order): batch against pop and steal") {
        let deque = ExploredDeque(order, pushing: [1, 2, 3])
        let other = ExploredDeque(.lifo)
        return Execution(
          threads: [
            { deque.pop() }, { deque.stealAndPop(upTo: 4, into: other) }, { deque.steal() },
          ], check: { deque.check(with: [other]) })
      },
      Script(name: "\(order): growth and reuse of cells against a batch") {
        let deque = ExploredDeque(order, capacity: 4, pushing: [1, 2, 3, 4])
        let other = ExploredDeque(.lifo)
        return Execution(
          threads: [
            {
              // Down to one element of the old array, then on in a larger one.
              for _ in 0..<3 { deque.pop() }
              for element in 5...8 { deque.push(element) }
            }, { deque.steal(upTo: 4, into: other) },
          ], check: { deque.check(with: [other]) })
      },
      Script(name: "\(order): a theft between thieves' deques") {
        let deque = ExploredDeque(order, pushing: [1, 2, 3, 4])
        let other = ExploredDeque(.fifo, capacity: 1)
        return Execution(
          threads: [{ deque.pop() }, { deque.steal(upTo: 2, into: other) }, { other.steal() }],
          check: { deque.check(with: [other]) })
      },
      Script(name: "\(order): dropped against steal") {
        final class Slot {
          var deque: ExploredDeque?
          init(_ deque: ExploredDeque) { self.deque = deque }
        }
        let slot = Slot(ExploredDeque(order, pushing: [1, 2]))
        let lifetime = slot.deque?.owner.lifetime
        let thief = ExploredThief(lifetime!.control)
        var held = lifetime
        var seen: [Int] = []
        return Execution(
          threads: [
            {
              slot.deque?.pop()
              slot.deque = nil
            },
            {
              for _ in 0..<2 { if case .success(let element) = thief.steal() { seen.append(element) } }
              held = nil
            },
          ],
          check: {
            _ = held
            return Set(seen).count == seen.count ? nil : "taken \(seen)"
          })
      },
    ]
  }
}
