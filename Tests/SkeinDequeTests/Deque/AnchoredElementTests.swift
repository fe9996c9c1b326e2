import InterleavingExplorer
import SkeinDeque
import Synchronization
import Testing

/// An element that may not be moved by its bits, for it has a weak reference.
private struct Watcher: ~Copyable, Sendable {
  let own: Unique
  weak let watched: Counted?

  init(_ identity: Int, _ tally: Tally, _ watched: Counted) {
    own = Unique(identity, tally)
    self.watched = watched
  }

  var isSound: Bool { watched?.identity == own.identity }
}

/// Elements that may not be moved by their bits go through deques and queues by their address.
@Suite struct AnchoredElementTests {
  @Test func takeOneWord() {
    #expect(ElementWords<Watcher>.count == 1)
    #expect(MemoryLayout<Watcher>.size > MemoryLayout<Int>.size)
    #expect(ElementWords<String>.count == 2)
    #expect(ElementWords<Unique>.count == 2)
  }

  @Test(arguments: DequeOrder.allCases)
  func comeOutAsTheyWentIn(order: DequeOrder) {
    let (tally, watchedTally) = (Tally(300), Tally(300))
    var watched = (0..<300).map { Counted($0, watchedTally) }
    do {
      var deque = WorkStealingDeque<Watcher>(order: order, minimumCapacity: 2)
      var into = WorkStealingDeque<Watcher>(order: .lifo, minimumCapacity: 2)
      let queue = InjectionQueue<Watcher>()
      for number in 0..<150 {
        deque.push(Watcher(number, tally, watched[number]))
        queue.push(Watcher(150 + number, tally, watched[150 + number]))
      }
      if let element = deque.stealer.steal().takeElement() { expect(element.isSound) } else { expect(false) }
      expect(deque.stealer.steal(into: &into) == .success(32))
      expect(queue.stealAndPop(into: &into).isSuccess)
      while let element = into.pop() { expect(element.isSound) }
      expectEqual(tally.total, 65)
      watched.removeAll { $0.identity % 2 == 0 }
      while let element = deque.pop() {
        expectEqual(element.watched?.identity, element.own.identity % 2 == 0 ? nil : element.own.identity)
      }
    }
    expect(tally.everyOnce)
    watched = []
    expect(watchedTally.everyOnce)
  }

  @Test(arguments: DequeOrder.allCases)
  func areTakenOnceByManyThieves(order: DequeOrder) {
    let count = 10_000
    let (tally, watchedTally) = (Tally(count), Tally(count))
    let watched = (0..<count).map { Counted($0, watchedTally) }
    let left = Atomic(count)
    do {
      var deque = WorkStealingDeque<Watcher>(order: order, minimumCapacity: 2)
      let stealer = deque.stealer
      Threads.run(3) { _ in
        var own = WorkStealingDeque<Watcher>(order: .lifo, minimumCapacity: 2)
        while left.load(ordering: .relaxed) > 0 {
          _ = stealer.steal(upTo: 8, into: &own)
          while let element = own.pop() {
            expect(element.isSound)
            left.subtract(1, ordering: .relaxed)
          }
        }
      } beside: {
        for number in 0..<count {
          deque.push(Watcher(number, tally, watched[number]))
          if number % 3 == 0, let element = deque.pop() {
            expect(element.isSound)
            left.subtract(1, ordering: .relaxed)
          }
        }
      }
    }
    expect(tally.everyOnce)
    expectEqual(watchedTally.total, 0)
  }
}
