import InterleavingExplorer
import SkeinDeque
import Synchronization
import Testing

/// An owner and thieves, at once.
@Suite(.serialized) struct DequeThreadTests {
  @Test(arguments: DequeOrder.allCases, [1, 64])
  func onePusherAndOneThief(order: DequeOrder, capacity: Int) {
    let count = 30_000 * scale
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: capacity)
    let stealer = deque.stealer
    Threads.run(1) { _ in
      for number in 0..<count {
        while true {
          if case .success(let element) = stealer.steal() {
            expectEqual(element, number)
            break
          }
          Threads.yield()
        }
      }
      expectEqual(stealer.steal(), .empty)
    } beside: {
      deque.push(contentsOf: 0..<count)
    }
  }

  /// Many thieves each see the elements in order, and so does the owner.
  @Test(arguments: DequeOrder.allCases)
  func stampede(order: DequeOrder) {
    let count = 20_000 * scale
    var deque = WorkStealingDeque<Int>(order: order)
    deque.push(contentsOf: 1...count)
    let stealer = deque.stealer
    let left = Atomic(count)
    Threads.run(8) { _ in
      var last = 0
      while left.load(ordering: .sequentiallyConsistent) > 0 {
        if case .success(let element) = stealer.steal() {
          expect(element > last)
          last = element
          left.subtract(1, ordering: .sequentiallyConsistent)
        }
      }
    } beside: {
      var last = order == .lifo ? count + 1 : 0
      while left.load(ordering: .sequentiallyConsistent) > 0 {
        if let element = deque.pop() {
          expect(order == .lifo ? element < last : element > last)
          last = element
          left.subtract(1, ordering: .sequentiallyConsistent)
        }
      }
    }
  }

  /// Every element is taken exactly once, by single steals and batches, while the owner pushes, pops and changes arrays.
  ///
  /// The indices pass the end of the word on the way.
  @Test(arguments: DequeOrder.allCases, DequeOrder.allCases)
  func stress(order: DequeOrder, thiefOrder: DequeOrder) {
    let count = (isSanitized ? 10_000 : 40_000) * scale
    let seen = Marks(count)
    let done = Atomic(false)
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: 2, startingAt: .max - count / 10)
    let stealer = deque.stealer
    Threads.run(3) { _ in
      var thief = MixedThief(.deque(stealer), order: thiefOrder)
      while !done.load(ordering: .acquiring) || !stealer.isEmpty { thief.next { seen.mark($0) } }
    } beside: {
      var random = Seeded(seed: 7)
      var next = 0
      while next < count {
        if Int.random(in: 0..<3, using: &random) == 0 {
          if let element = deque.pop() { seen.mark(element) }
        } else {
          // Runs of pushes make the array grow, the thieves make it shrink.
          for _ in 0..<min(Int.random(in: 1...20, using: &random), count - next) {
            deque.push(next)
            next += 1
          }
        }
      }
      while let element = deque.pop() { seen.mark(element) }
      done.store(true, ordering: .releasing)
    }
    expect(seen.everyOnce)
  }

  /// Every thread gets some of the work.
  @Test(arguments: DequeOrder.allCases)
  func noStarvation(order: DequeOrder) {
    let threads = 4
    let hits = Marks(threads + 1)
    var deque = WorkStealingDeque<Int>(order: order)
    let stealer = deque.stealer
    let done = Atomic(false)
    Threads.run(threads) { index in
      var thief = MixedThief(.deque(stealer), order: order)
      while !done.load(ordering: .acquiring) { thief.next { _ in hits.mark(index) } }
    } beside: {
      var turns = 0
      while !hits.everyAtLeastOnce {
        for number in 0..<100 { deque.push(number) }
        if deque.pop() != nil { hits.mark(threads) }
        turns += 1
        if turns % 16 == 0 { Threads.yield() }
      }
      done.store(true, ordering: .releasing)
    }
  }

  /// The array changes all the time while batches are taken: nothing is taken twice or lost (CVE-2021-32810).
  @Test(arguments: DequeOrder.allCases)
  func resizeDuringSteals(order: DequeOrder) {
    let rounds = 300 * scale
    let width = 100
    let seen = Marks(rounds * width)
    let done = Atomic(false)
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: 1)
    let stealer = deque.stealer
    Threads.run(2) { index in
      var own = WorkStealingDeque<Int>(order: .fifo)
      while !done.load(ordering: .acquiring) || !stealer.isEmpty {
        if index == 0 {
          if case .success(let element) = stealer.steal() { seen.mark(element) }
        } else {
          _ = stealer.steal(upTo: 16, into: &own)
          while let element = own.pop() { seen.mark(element) }
        }
      }
    } beside: {
      for round in 0..<rounds {
        for number in 0..<width { deque.push(round * width + number) }
        while let element = deque.pop() { seen.mark(element) }
        _ = deque.pop()
        deque.shrinkToFit()
      }
      done.store(true, ordering: .releasing)
    }
    expect(seen.everyOnce)
  }

  /// A count never falls below zero or above what can be there.
  @Test(arguments: DequeOrder.allCases)
  func counts(order: DequeOrder) {
    let done = Atomic(false)
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: 4)
    let stealer = deque.stealer
    Threads.run(2) { index in
      while !done.load(ordering: .acquiring) {
        let count = stealer.approximateCount
        expect(count >= 0 && count <= 200)
        if index == 0 { _ = stealer.steal() }
      }
    } beside: {
      for _ in 0..<300 * scale {
        for number in 0..<200 - max(deque.approximateCount, 100) { deque.push(number) }
        for _ in 0..<50 { _ = deque.pop() }
        let count = deque.approximateCount
        expect(count >= 0 && count <= 200)
      }
      while deque.pop() != nil {}
      expect(deque.isEmpty && stealer.isEmpty)
      done.store(true, ordering: .releasing)
    }
  }

  /// Thieves that get in each other's way are told to try again: it is counted, and nothing is lost by it.
  @Test(.enabled(if: processorCount > 1), arguments: DequeOrder.allCases)
  func retriesAreCounted(order: DequeOrder) {
    var retries = 0
    // The first round has thousands of them; a machine that runs one thread at a time may need more.
    for _ in 0..<200 where retries == 0 {
      let count = 20_000
      var deque = WorkStealingDeque<Int>(order: order)
      deque.push(contentsOf: 0..<count)
      let stealer = deque.stealer
      let records = Mutex<[StealRecorder]>([])
      Threads.run(4) { index in
        var own = WorkStealingDeque<Int>(order: order)
        var thief = Thief(worker: index + 1, victims: [stealer], strategy: FirstInOrder(amount: .one))
        while thief.next(from: &own) != nil {}
        let record = thief.recorder
        records.withLock { $0.append(record) }
      }
      let summary = StealSummary(records.withLock { $0 })
      expect(summary.stolen == count && summary.tasksRun == count && summary.ownTasks == 0)
      // Each thief ends with a round in which it found nothing and lost no race.
      expectEqual(summary.empties, 4)
      retries = summary.retries
    }
    expect(retries > 0)
  }

  /// An element of several words arrives whole, although its words are copied one by one before the claim.
  @Test(arguments: DequeOrder.allCases, DequeOrder.allCases)
  func noElementIsTorn(order: DequeOrder, thiefOrder: DequeOrder) {
    let count = 10_000 * scale
    let seen = Marks(count)
    let done = Atomic(false)
    var deque = WorkStealingDeque<Forty>(order: order, minimumCapacity: 2)
    let stealer = deque.stealer
    Threads.run(3) { _ in
      var thief = MixedThief(.deque(stealer), order: thiefOrder)
      while !done.load(ordering: .acquiring) || !stealer.isEmpty {
        thief.next { element in
          expect(element == Forty(sample: element.words.0))
          seen.mark(element.words.0)
        }
      }
    } beside: {
      // Few at a time, so that cells are written again at once.
      for number in 0..<count {
        deque.push(Forty(sample: number))
        if number % 3 == 0, let element = deque.pop() {
          expect(element == Forty(sample: element.words.0))
          seen.mark(element.words.0)
        }
      }
      deque.drain { seen.mark($0.words.0) }
      done.store(true, ordering: .releasing)
    }
    expect(seen.everyOnce)
  }

  /// The owner's end goes from thread to thread, while a thief keeps on stealing.
  @Test(arguments: DequeOrder.allCases)
  func handedToAnotherThread(order: DequeOrder) {
    let owners = 20
    let perOwner = 500
    let seen = Marks(owners * perOwner)
    let done = Atomic(false)
    let deque = WorkStealingDeque<Int>(order: order, minimumCapacity: 2)
    let stealer = deque.stealer
    let slot = HandOver(deque)
    Threads.run(1) { _ in
      while !done.load(ordering: .acquiring) || !stealer.isEmpty {
        if case .success(let element) = stealer.steal() { seen.mark(element) }
      }
    } beside: {
      for owner in 0..<owners {
        Threads.run(1) { _ in
          guard var deque = slot.take() else { return expect(false) }
          for number in 0..<perOwner {
            deque.push(owner * perOwner + number)
            if number % 3 == 0, let element = deque.pop() { seen.mark(element) }
          }
          slot.put(deque)
        }
      }
      if var deque = slot.take() {
        while let element = deque.pop() { seen.mark(element) }
      }
      done.store(true, ordering: .releasing)
    }
    expect(seen.everyOnce)
  }
}
