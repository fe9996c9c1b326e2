import InterleavingExplorer
import SkeinDeque
import Synchronization
import Testing

/// A hundred million elements, each taken exactly once: `SKEIN_LONG_TESTS=1 swift test -c release --filter LongStressTests`.
@Suite(.serialized, .enabled(if: isLong)) struct LongStressTests {
  static let count = 100_000_000

  @Test(arguments: DequeOrder.allCases)
  func deque(order: DequeOrder) {
    let seen = Bitmap(Self.count)
    let done = Atomic(false)
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: 2)
    let stealer = deque.stealer
    Threads.run(3) { index in
      var thief = MixedThief(.deque(stealer), order: index == 0 ? .lifo : .fifo)
      var marks = 0
      while !done.load(ordering: .acquiring) || !stealer.isEmpty {
        thief.next {
          seen.mark($0)
          marks += 1
        }
      }
      seen.note(marks)
    } beside: {
      var random = Seeded(seed: 11)
      var marks = 0
      var next = 0
      while next < Self.count {
        for _ in 0..<min(Int.random(in: 1...100, using: &random), Self.count - next) {
          deque.push(next)
          next += 1
        }
        for _ in 0..<Int.random(in: 0...60, using: &random) {
          guard let element = deque.pop() else { break }
          seen.mark(element)
          marks += 1
        }
      }
      deque.drain {
        seen.mark($0)
        marks += 1
      }
      seen.note(marks)
      done.store(true, ordering: .releasing)
    }
    expect(seen.everyOnce)
  }

  @Test func injectionQueue() {
    let seen = Bitmap(Self.count)
    let queue = InjectionQueue<Int>()
    let left = Atomic(Self.count)
    Threads.run(4) { index in
      if index < 2 {
        for number in index * Self.count / 2..<(index + 1) * Self.count / 2 { queue.push(number) }
        return
      }
      var thief = MixedThief(.queue(queue), order: .fifo)
      var marks = 0
      while left.load(ordering: .relaxed) > 0 {
        let before = marks
        thief.next {
          seen.mark($0)
          marks += 1
        }
        if marks > before { left.subtract(marks - before, ordering: .relaxed) }
      }
      seen.note(marks)
    }
    expect(seen.everyOnce && queue.isEmpty)
  }
}
