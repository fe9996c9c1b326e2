import SkeinDeque
import Synchronization
import Testing

/// Each element is destroyed exactly once, whoever goes first.
@Suite(.serialized) struct LifetimeTests {
  @Test(arguments: DequeOrder.allCases)
  func aDequeDestroysWhatIsLeft(order: DequeOrder) {
    let tally = Tally(100)
    do {
      var deque = WorkStealingDeque<Counted>(order: order, minimumCapacity: 2)
      for number in 0..<100 { deque.push(Counted(number, tally)) }
      for _ in 0..<10 { _ = deque.pop() }
      for _ in 0..<10 { _ = deque.stealer.steal() }
      expectEqual(tally.total, 20)
    }
    expect(tally.everyOnce)
  }

  @Test(arguments: DequeOrder.allCases)
  func theLastStealerDestroysWhatIsLeft(order: DequeOrder) {
    let tally = Tally(100)
    var stealer: Stealer<Counted>?
    do {
      var deque = WorkStealingDeque<Counted>(order: order)
      for number in 0..<100 { deque.push(Counted(number, tally)) }
      stealer = deque.stealer
    }
    expectEqual(tally.total, 0)
    _ = stealer?.steal()
    expectEqual(tally.total, 1)
    stealer = nil
    expect(tally.everyOnce)
  }

  /// The owner drops the deque while thieves are at it; the last of them destroys the rest.
  @Test(arguments: DequeOrder.allCases)
  func droppedWhileThievesHoldStealers(order: DequeOrder) {
    for _ in 0..<20 {
      let tally = Tally(1000)
      func makeDeque() -> Stealer<Counted> {
        var deque = WorkStealingDeque<Counted>(order: order, minimumCapacity: 2)
        for number in 0..<1000 { deque.push(Counted(number, tally)) }
        return deque.stealer
      }
      let slot = Mutex<Stealer<Counted>?>(makeDeque())
      let started = Atomic(0)
      Threads.run(3) { index in
        guard let stealer = slot.withLock({ $0 }) else { return expect(false) }
        started.add(1, ordering: .acquiringAndReleasing)
        var thief = MixedThief(.deque(stealer), order: .lifo)
        for _ in 0..<(index + 1) * 20 { thief.next { _ in } }
      } beside: {
        while started.load(ordering: .acquiring) < 3 { Threads.yield() }
        slot.withLock { $0 = nil }
      }
      expect(tally.everyOnce)
    }
  }

  @Test func anInjectionQueueDestroysWhatIsLeft() {
    for taken in [0, 1, 62, 63, 64, 126, 127, 200, 499, 500] {
      let tally = Tally(500)
      do {
        let queue = InjectionQueue<Counted>()
        for number in 0..<500 { queue.push(Counted(number, tally)) }
        for _ in 0..<taken { _ = queue.steal() }
        expectEqual(tally.total, taken)
      }
      expect(tally.everyOnce)
    }
  }

  @Test(arguments: DequeOrder.allCases)
  func destructors(order: DequeOrder) {
    let count = 10_000
    let tally = Tally(2 * count)
    do {
      var deque = WorkStealingDeque<Counted>(order: order, minimumCapacity: 2)
      let queue = InjectionQueue<Counted>()
      let stealer = deque.stealer
      let remaining = Atomic(count)
      Threads.run(3) { index in
        var thief = MixedThief(index == 1 ? .queue(queue) : .deque(stealer), order: order)
        while remaining.load(ordering: .relaxed) > count / 4 {
          thief.next { _ in remaining.subtract(1, ordering: .relaxed) }
        }
      } beside: {
        for number in 0..<count {
          deque.push(Counted(number, tally))
          queue.push(Counted(count + number, tally))
          if number % 5 == 0, deque.pop() != nil { remaining.subtract(1, ordering: .relaxed) }
        }
      }
      expect(tally.values.allSatisfy { $0 <= 1 })
    }
    expect(tally.everyOnce)
  }
}
