import InterleavingExplorer
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

  /// The owner drops the deque while thieves are at it; the last of all destroys the rest.
  @Test(arguments: DequeOrder.allCases)
  func droppedWhileThievesSteal(order: DequeOrder) {
    for round in 0..<20 {
      let tally = Tally(1000)
      let deque = HandOver(WorkStealingDeque<Counted>(order: order, minimumCapacity: 2))
      let slot = Mutex<Stealer<Counted>?>(nil)
      let started = Atomic(0)
      let stolen = Atomic(0)
      Threads.run(3) { index in
        var source: Stealer<Counted>?
        while source == nil { source = slot.withLock { $0 } }
        guard let stealer = source.take() else { return expect(false) }
        started.add(1, ordering: .relaxed)
        var thief = MixedThief(.deque(stealer), order: .lifo)
        var turns = (index + 1) * 20
        while turns > 0 || (round % 2 == 0 && stolen.load(ordering: .relaxed) < 20) {
          thief.next { _ in stolen.add(1, ordering: .relaxed) }
          turns -= 1
        }
      } beside: {
        guard var owned = deque.take() else { return expect(false) }
        slot.withLock { $0 = owned.stealer }
        for number in 0..<1000 { owned.push(Counted(number, tally)) }
        // In every other round not before the thieves have got something.
        while started.load(ordering: .relaxed) < 3 || (round % 2 == 0 && stolen.load(ordering: .relaxed) < 20) {
          Threads.yield()
        }
        slot.withLock { $0 = nil }
        _ = consume owned
      }
      expect(tally.everyOnce)
    }
  }

  /// Pushers and thieves let an injection queue go one after the other; the last destroys the rest.
  @Test func anInjectionQueueDroppedByTheLastToUseIt() {
    for _ in 0..<20 {
      let tally = Tally(1000)
      let slot = Mutex<InjectionQueue<Counted>?>(InjectionQueue())
      let started = Atomic(0)
      Threads.run(4) { index in
        guard let queue = slot.withLock({ $0 }) else { return expect(false) }
        if started.add(1, ordering: .acquiringAndReleasing).newValue == 4 { slot.withLock { $0 = nil } }
        if index < 2 {
          for number in 0..<500 { queue.push(Counted(index * 500 + number, tally)) }
        } else {
          var thief = MixedThief(.queue(queue), order: .fifo)
          for _ in 0..<index * 20 { thief.next { _ in } }
        }
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
