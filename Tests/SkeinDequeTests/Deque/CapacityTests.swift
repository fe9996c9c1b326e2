import SkeinDeque
import Testing

@Suite struct CapacityTests {
  @Test(arguments: DequeOrder.allCases, [(1, 1), (2, 2), (3, 4), (64, 64), (65, 128)])
  func minimum(order: DequeOrder, capacity: (asked: Int, given: Int)) {
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: capacity.asked)
    expect(deque.capacity == capacity.given && deque.minimumCapacity == capacity.given)
    deque.push(contentsOf: 0..<capacity.given)
    expectEqual(deque.capacity, capacity.given)
    deque.push(-1)
    expectEqual(deque.capacity, 2 * capacity.given)
    expectEqual(deque.approximateCount, capacity.given + 1)
  }

  @Test(arguments: DequeOrder.allCases, [1, 64])
  func popsGiveMemoryBack(order: DequeOrder, minimum: Int) {
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: minimum)
    deque.push(contentsOf: 0..<20_000)
    expectEqual(deque.capacity, 32_768)
    while deque.pop() != nil {}
    for _ in 0..<16 { _ = deque.pop() }
    expectEqual(deque.capacity, minimum)
  }

  /// A deque that never runs empty does not keep what a burst needed.
  @Test(arguments: DequeOrder.allCases)
  func aNearlyEmptyDequeGivesMemoryBack(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    deque.push(contentsOf: 0..<20_000)
    while deque.approximateCount > 3 { _ = deque.pop() }
    for number in 0..<20_000 {
      deque.push(number)
      expect(deque.pop() != nil)
    }
    expectEqual(deque.capacity, 64)
  }

  /// Bursts of the same size do not make the array grow each time.
  @Test(arguments: DequeOrder.allCases)
  func burstsKeepTheirArray(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    var shrunk = 0
    for _ in 0..<30 {
      deque.push(contentsOf: 0..<1000)
      let capacity = deque.capacity
      while deque.pop() != nil {}
      if deque.capacity < capacity { shrunk += 1 }
    }
    expect(shrunk <= 15)
  }

  /// Others never shrink an array that thieves have drained.
  @Test(arguments: DequeOrder.allCases)
  func aDequeDrainedByThievesGivesMemoryBack(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    let stealer = deque.stealer
    deque.push(contentsOf: 0..<20_000)
    expectEqual(stealer.stealAll().count, 20_000)
    for _ in 0..<16 { expect(deque.pop() == nil) }
    expectEqual(deque.capacity, 64)
  }

  @Test(arguments: DequeOrder.allCases)
  func anOwnerThatOnlyPushesGivesMemoryBack(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    let stealer = deque.stealer
    deque.push(contentsOf: 0..<20_000)
    _ = stealer.stealAll()
    for number in 0..<100_000 {
      deque.push(number)
      expectEqual(stealer.steal(), .success(number))
    }
    expect(deque.capacity <= 128)
  }

  @Test(arguments: DequeOrder.allCases)
  func shrinkToFit(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: 8)
    let stealer = deque.stealer
    deque.push(contentsOf: 0..<1000)
    for number in 0..<900 { expectEqual(stealer.steal(), .success(number)) }
    expectEqual(deque.capacity, 1024)
    deque.shrinkToFit()
    expectEqual(deque.capacity, 128)
    expectEqual(stealer.stealAll(), Array(900..<1000))
    deque.shrinkToFit()
    expectEqual(deque.capacity, 8)
  }

  /// An array that comes back into use has nothing left of what it held before.
  @Test(arguments: DequeOrder.allCases)
  func growingAndShrinkingAgainAndAgain(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: 1)
    for round in 0..<12 {
      let numbers = Array(round..<round + 10_000)
      deque.push(contentsOf: numbers)
      if round % 2 == 0 {
        expectEqual(deque.popAll(), order == .lifo ? numbers.reversed() : numbers)
      } else {
        expectEqual(deque.stealer.stealAll(), numbers)
      }
      deque.shrinkToFit()
      expectEqual(deque.capacity, 1)
    }
  }

  @Test(arguments: DequeOrder.allCases)
  func highWaterMark(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    expectEqual(deque.highWaterMark, 0)
    deque.push(contentsOf: 0..<10)
    expectEqual(deque.highWaterMark, 10)
    for _ in 0..<5 { _ = deque.pop() }
    deque.push(1)
    expectEqual(deque.highWaterMark, 10)
    deque.push(contentsOf: 0..<20)
    _ = deque.pop()
    expectEqual(deque.highWaterMark, 26)
  }
}
