import InterleavingExplorer
import SkeinDeque
import Synchronization
import Testing

@Suite struct BoundedDequeTests {
  @Test(arguments: DequeOrder.allCases, [1, 3, 64])
  func handsBackWhatDoesNotFit(order: DequeOrder, capacity: Int) {
    var deque = BoundedWorkStealingDeque<Int>(order: order, capacity: capacity)
    let stealer = deque.stealer
    for round in 0..<10 {
      for number in 0..<capacity { expect(deque.push(number) == nil) }
      expect(deque.room == 0 && deque.approximateCount == capacity)
      expectEqual(deque.push(-round), -round)
      expectEqual(stealer.steal(), .success(0))
      expectEqual(deque.room, 1)
      expect(deque.push(capacity) == nil)
      expectEqual(deque.push(-1), -1)
      expectEqual(deque.pop(), order == .lifo ? capacity : 1)
      expectEqual(deque.drain(), capacity - 1)
      expect(deque.isEmpty)
    }
    expect(deque.capacity == capacity && deque.order == order)
  }

  @Test(arguments: DequeOrder.allCases)
  func batchesStopAtItsRoom(order: DequeOrder) {
    var deque = BoundedWorkStealingDeque<Int>(order: order, capacity: 5)
    var from = WorkStealingDeque<Int>(order: .fifo)
    let queue = InjectionQueue<Int>()
    from.push(contentsOf: 0..<20)
    queue.push(contentsOf: 0..<20)
    expectEqual(from.stealer.steal(upTo: 3, into: &deque), .success(3))
    expectEqual(queue.steal(into: &deque), .success(2))
    expectEqual(from.stealer.steal(into: &deque), .success(0))
    expectEqual(queue.steal(into: &deque), .success(0))
    expectEqual(deque.push(1), 1)
    expectEqual(deque.drain(), 5)
  }

  @Test(arguments: DequeOrder.allCases)
  func oneElementIsHandedOutWithoutRoom(order: DequeOrder) {
    var deque = BoundedWorkStealingDeque<Int>(order: order, capacity: 4)
    var from = WorkStealingDeque<Int>(order: order)
    let queue = InjectionQueue<Int>()
    from.push(contentsOf: 0..<20)
    queue.push(contentsOf: 0..<20)
    expectEqual(from.stealer.stealAndPop(upTo: 3, into: &deque), .success(order == .lifo ? 2 : 0))
    expectEqual(queue.stealAndPop(into: &deque), .success(0))
    expectEqual(deque.approximateCount, 3)
    expect(deque.push(7) == nil && deque.room == 0)
    expectEqual(from.stealer.stealAndPop(into: &deque), .success(3))
    expectEqual(queue.stealAndPop(into: &deque), .success(2))
    expectEqual(deque.highWaterMark, 4)
    expectEqual(deque.stealer.stealAndPop(into: &deque), .success(order == .lifo ? 7 : 1))
    expectEqual(deque.drain(), 3)
  }

  @Test func nonCopyableElementsComeBack() {
    let tally = Tally(3)
    do {
      var deque = BoundedWorkStealingDeque<Unique>(order: .lifo, capacity: 2)
      for number in 0..<3 {
        if let refused = deque.push(Unique(number, tally)) { expectEqual(refused.identity, 2) }
      }
      expectEqual(tally.total, 1)
    }
    expect(tally.everyOnce)
  }

  @Test(arguments: DequeOrder.allCases)
  func stress(order: DequeOrder) {
    let count = 30_000 * scale
    let seen = Marks(count)
    let done = Atomic(false)
    var deque = BoundedWorkStealingDeque<Int>(order: order, capacity: 7)
    let stealer = deque.stealer
    Threads.run(2) { _ in
      while !done.load(ordering: .acquiring) || !stealer.isEmpty {
        if case .success(let element) = stealer.steal() { seen.mark(element) }
      }
    } beside: {
      for number in 0..<count {
        if let refused = deque.push(number) {
          seen.mark(refused)
          if let element = deque.pop() { seen.mark(element) }
        }
      }
      deque.drain { seen.mark($0) }
      done.store(true, ordering: .releasing)
    }
    expect(seen.everyOnce)
  }

  @Test func drainSaysHowManyWereLeft() {
    var deque = WorkStealingDeque<Int>(order: .fifo)
    deque.push(contentsOf: 0..<10)
    var left: [Int] = []
    expectEqual(deque.drain { left.append($0) }, 10)
    expectEqual(left, Array(0..<10))
    expectEqual(deque.drain(), 0)
    let queue = InjectionQueue<Int>()
    queue.push(contentsOf: 0..<100)
    expectEqual(queue.drain(), 100)
    expect(queue.isEmpty)
  }
}
