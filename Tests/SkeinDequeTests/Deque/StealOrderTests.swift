import SkeinDeque
import Testing

/// Which elements a batch takes and in which order they come out: source × destination × form.
@Suite struct StealOrderTests {
  @Test(arguments: DequeOrder.allCases)
  func singleStealsTakeTheOldest(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    deque.push(contentsOf: 1...3)
    expect(deque.stealer.stealAll() == [1, 2, 3])
  }

  @Test func singleStealsFromAnInjectionQueueTakeTheOldest() {
    let queue = InjectionQueue<Int>()
    queue.push(contentsOf: 1...200)
    expect(queue.stealAll() == Array(1...200))
  }

  @Test(arguments: DequeOrder.allCases, DequeOrder.allCases)
  func batch(source: DequeOrder, destination: DequeOrder) {
    for count in 1...70 {
      var from = WorkStealingDeque<Int>(order: source)
      var into = WorkStealingDeque<Int>(order: destination)
      from.push(contentsOf: 1...count)
      let size = min((count + 1) / 2, 32)
      expect(from.stealer.steal(into: &into) == .success(size))
      let taken = Array(1...size)
      expect(into.popAll() == (source == .fifo ? taken : taken.reversed()))
      let left = Array(1...count).dropFirst(size)
      expect(from.popAll() == (source == .fifo ? Array(left) : left.reversed()))
    }
  }

  @Test(arguments: DequeOrder.allCases, DequeOrder.allCases)
  func batchAndPop(source: DequeOrder, destination: DequeOrder) {
    for count in 1...70 {
      var from = WorkStealingDeque<Int>(order: source)
      var into = WorkStealingDeque<Int>(order: destination)
      from.push(contentsOf: 1...count)
      let size = min((count + 1) / 2, 32)
      let taken = source == .fifo ? Array(1...size) : Array(1...size).reversed()
      expect(from.stealer.stealAndPop(into: &into) == .success(taken[0]))
      expect(into.popAll() == Array(taken.dropFirst()))
      expect(from.approximateCount == count - size)
    }
  }

  @Test(arguments: DequeOrder.allCases)
  func batchFromAnInjectionQueue(destination: DequeOrder) {
    for count in 1...140 {
      let queue = InjectionQueue<Int>()
      var into = WorkStealingDeque<Int>(order: destination)
      queue.push(contentsOf: 1...count)
      let size = min((count + 1) / 2, 32)
      expect(queue.steal(into: &into) == .success(size))
      expect(into.popAll() == Array(1...size))
      expect(queue.stealAll() == Array(1...count).dropFirst(size).map { $0 })
    }
  }

  @Test(arguments: DequeOrder.allCases)
  func batchAndPopFromAnInjectionQueue(destination: DequeOrder) {
    for count in 1...140 {
      let queue = InjectionQueue<Int>()
      var into = WorkStealingDeque<Int>(order: destination)
      queue.push(contentsOf: 1...count)
      let size = min((count + 1) / 2, 32)
      expect(queue.stealAndPop(into: &into) == .success(1))
      expect(into.popAll() == Array(1...size).dropFirst().map { $0 })
    }
  }

  @Test(arguments: DequeOrder.allCases)
  func aBatchOfAnInjectionQueueSpansBlocks(destination: DequeOrder) {
    let queue = InjectionQueue<Int>()
    var into = WorkStealingDeque<Int>(order: destination)
    queue.push(contentsOf: 0..<400)
    for number in 0..<50 { expect(queue.steal() == .success(number)) }
    expect(queue.steal(upTo: 150, into: &into) == .success(150))
    expect(into.popAll() == Array(50..<200))
    expect(queue.stealAndPop(upTo: 150, into: &into) == .success(200))
    expect(into.popAll() == Array(201..<300))
  }

  @Test(arguments: DequeOrder.allCases, DequeOrder.allCases)
  func aBatchGoesBehindWhatTheDestinationHas(source: DequeOrder, destination: DequeOrder) {
    var from = WorkStealingDeque<Int>(order: source)
    var into = WorkStealingDeque<Int>(order: destination, minimumCapacity: 4)
    into.push(contentsOf: [-1, -2])
    from.push(contentsOf: 1...8)
    expect(from.stealer.steal(into: &into) == .success(4))
    let taken = source == .fifo ? [1, 2, 3, 4] : [4, 3, 2, 1]
    expect(into.popAll() == (destination == .fifo ? [-1, -2] + taken : taken + [-2, -1]))
  }
}
