import SkeinDeque
import Testing

/// Indices that pass the end of the word.
@Suite struct WrapAroundTests {
  static let starts = [Int.max - 5, Int.max, Int.min, -3, Int.max - 1000]

  @Test(arguments: DequeOrder.allCases, starts)
  func deque(order: DequeOrder, start: Int) {
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: 2, startingAt: start)
    let stealer = deque.stealer
    expect(deque.isEmpty && deque.pop() == nil && stealer.steal() == .empty)
    for round in 0..<200 {
      deque.push(contentsOf: round..<round + 10)
      expectEqual(deque.approximateCount, 10)
      expectEqual(stealer.steal(), .success(round))
      expectEqual(deque.pop(), order == .lifo ? round + 9 : round + 1)
      var into = WorkStealingDeque<Int>(order: .fifo, startingAt: start)
      expectEqual(stealer.steal(into: &into), .success(4))
      expectEqual(into.approximateCount, 4)
      expectEqual(deque.popAll().count, 4)
    }
  }

  @Test(arguments: starts)
  func injectionQueue(start: Int) {
    let queue = InjectionQueue<Int>(startingAt: start)
    expect(queue.isEmpty && queue.steal() == .empty)
    queue.push(contentsOf: 0..<1000)
    expectEqual(queue.approximateCount, 1000)
    expectEqual(queue.stealAll(), Array(0..<1000))
    var into = WorkStealingDeque<Int>(order: .fifo, startingAt: start)
    queue.push(contentsOf: 0..<1000)
    expectEqual(queue.steal(upTo: 400, into: &into), .success(400))
    expectEqual(into.popAll(), Array(0..<400))
    expectEqual(queue.approximateCount, 600)
  }
}
