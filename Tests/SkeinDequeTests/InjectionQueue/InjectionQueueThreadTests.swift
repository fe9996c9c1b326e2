import InterleavingExplorer
import SkeinDeque
import Synchronization
import Testing

/// Pushers and thieves, at once.
@Suite(.serialized) struct InjectionQueueThreadTests {
  @Test func onePusherAndOneThief() {
    let count = 30_000 * scale
    let queue = InjectionQueue<Int>()
    Threads.run(1) { _ in
      for number in 0..<count {
        while true {
          if case .success(let element) = queue.steal() {
            expectEqual(element, number)
            break
          }
          Threads.yield()
        }
      }
      expectEqual(queue.steal(), .empty)
    } beside: {
      queue.push(contentsOf: 0..<count)
    }
  }

  @Test(arguments: [(1, 3), (2, 2), (3, 1), (4, 4)])
  func manyPushersAndThieves(pushers: Int, thieves: Int) {
    let perPusher = 10_000 * scale
    let seen = Marks(pushers * perPusher)
    // The indices pass the end of the word on the way.
    let queue = InjectionQueue<Int>(startingAt: .max - perPusher / 2)
    let left = Atomic(pushers * perPusher)
    Threads.run(pushers + thieves) { index in
      if index < pushers {
        for number in 0..<perPusher { queue.push(index * perPusher + number) }
      } else {
        // What one pusher pushed comes out in its order.
        var last = [Int](repeating: -1, count: pushers)
        var thief = MixedThief(.queue(queue), order: index % 2 == 0 ? .fifo : .lifo)
        while left.load(ordering: .relaxed) > 0 {
          thief.next { element in
            seen.mark(element)
            left.subtract(1, ordering: .relaxed)
            expect(element > last[element / perPusher])
            last[element / perPusher] = element
          }
        }
      }
    }
    expect(seen.everyOnce)
    expect(queue.isEmpty)
  }

  @Test func noElementIsTorn() {
    let count = 20_000 * scale
    let queue = InjectionQueue<Forty>()
    let left = Atomic(count)
    Threads.run(4) { index in
      if index < 2 {
        for number in 0..<count / 2 { queue.push(Forty(sample: number)) }
        return
      }
      var thief = MixedThief(.queue(queue), order: index == 2 ? .fifo : .lifo)
      while left.load(ordering: .relaxed) > 0 {
        thief.next { element in
          expect(element == Forty(sample: element.words.0))
          left.subtract(1, ordering: .relaxed)
        }
      }
    }
    expect(queue.isEmpty)
  }

  @Test func stampede() {
    let count = 20_000 * scale
    let queue = InjectionQueue<Int>()
    queue.push(contentsOf: 1...count)
    let left = Atomic(count)
    Threads.run(8) { _ in
      var last = 0
      while left.load(ordering: .relaxed) > 0 {
        if case .success(let element) = queue.steal() {
          expect(element > last)
          last = element
          left.subtract(1, ordering: .relaxed)
        }
      }
    }
  }

  @Test func noStarvation() {
    let threads = 4
    let hits = Marks(threads)
    let queue = InjectionQueue<Int>()
    let done = Atomic(false)
    Threads.run(threads) { index in
      var thief = MixedThief(.queue(queue), order: .fifo)
      while !done.load(ordering: .acquiring) { thief.next { _ in hits.mark(index) } }
    } beside: {
      while !hits.everyAtLeastOnce {
        queue.push(contentsOf: 0..<100)
        Threads.yield()
      }
      done.store(true, ordering: .releasing)
    }
  }

  @Test func counts() {
    let queue = InjectionQueue<Int>()
    let done = Atomic(false)
    Threads.run(2) { index in
      while !done.load(ordering: .acquiring) {
        let count = queue.approximateCount
        expect(count >= 0 && count <= 1000)
        if index == 0 { _ = queue.steal() }
      }
    } beside: {
      for _ in 0..<20_000 * scale where queue.approximateCount < 900 { queue.push(1) }
      done.store(true, ordering: .releasing)
    }
  }
}
