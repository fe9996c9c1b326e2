import SkeinDeque
import Testing

@Suite struct BatchTests {
  @Test(arguments: DequeOrder.allCases, [1, 2, 5, 31, 32, 33, 1000])
  func limits(order: DequeOrder, limit: Int) {
    for count in [1, 2, 3, 10, 64, 65, 500] {
      var from = WorkStealingDeque<Int>(order: order)
      var into = WorkStealingDeque<Int>(order: .lifo)
      let queue = InjectionQueue<Int>()
      from.push(contentsOf: 0..<count)
      queue.push(contentsOf: 0..<count)
      let size = min((count + 1) / 2, limit)
      expect(from.stealer.steal(upTo: limit, into: &into) == .success(size))
      expect(into.approximateCount == size)
      expect(queue.steal(upTo: limit, into: &into) == .success(size))
      expect(into.approximateCount == 2 * size)
      _ = into.popAll()
      let next = min((count - size + 1) / 2, limit)
      expect(from.stealer.stealAndPop(upTo: limit, into: &into).isSuccess == (next > 0))
      expect(into.approximateCount == max(next - 1, 0))
      expect(queue.stealAndPop(upTo: limit, into: &into).isSuccess == (next > 0))
      expect(into.approximateCount == max(2 * next - 2, 0))
      expect(from.approximateCount == count - size - next && queue.approximateCount == count - size - next)
    }
  }

  @Test(arguments: DequeOrder.allCases)
  func nothingToTake(order: DequeOrder) {
    let from = WorkStealingDeque<Int>(order: order)
    var into = WorkStealingDeque<Int>(order: order)
    let queue = InjectionQueue<Int>()
    expect(from.stealer.steal(into: &into) == .empty && from.stealer.stealAndPop(into: &into) == .empty)
    expect(queue.steal(into: &into) == .empty && queue.stealAndPop(into: &into) == .empty)
    expect(into.isEmpty)
  }

  @Test(arguments: DequeOrder.allCases)
  func theSourceAsDestination(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    let stealer = deque.stealer
    expect(stealer.steal(into: &deque) == .empty && stealer.stealAndPop(into: &deque) == .empty)
    deque.push(contentsOf: 1...5)
    expect(stealer.steal(into: &deque) == .success(0))
    expect(deque.approximateCount == 5)
    expect(stealer.stealAndPop(into: &deque) == .success(order == .lifo ? 5 : 1))
    expect(deque.popAll() == (order == .lifo ? [4, 3, 2, 1] : [2, 3, 4, 5]))
  }

  @Test(arguments: DequeOrder.allCases, [0, 1, 10, 11])
  func atLeast(order: DequeOrder, minimum: Int) {
    var from = WorkStealingDeque<Int>(order: order)
    var into = WorkStealingDeque<Int>(order: order)
    let queue = InjectionQueue<Int>()
    from.push(contentsOf: 1...10)
    queue.push(contentsOf: 1...10)
    let answer: StealResult<Int> = minimum <= 10 ? .success(4) : .empty
    expect(from.stealer.steal(upTo: 4, ifAtLeast: minimum, into: &into) == answer)
    expect(queue.steal(upTo: 4, ifAtLeast: minimum, into: &into) == answer)
    expect(from.approximateCount == (minimum <= 10 ? 6 : 10))
  }

  @Test(arguments: DequeOrder.allCases, DequeOrder.allCases)
  func theDestinationGrows(source: DequeOrder, destination: DequeOrder) {
    var from = WorkStealingDeque<Int>(order: source)
    var into = WorkStealingDeque<Int>(order: destination, minimumCapacity: 1)
    from.push(contentsOf: 0..<1000)
    expect(from.stealer.steal(upTo: 1000, into: &into) == .success(500))
    let taken = Array(0..<500)
    expect(into.popAll() == (source == .fifo ? taken : taken.reversed()))
  }
}
