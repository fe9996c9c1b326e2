import SkeinDeque
import Testing

@Suite struct DequeTests {
  @Test(arguments: DequeOrder.allCases, [1, 2, 64])
  func smoke(order: DequeOrder, capacity: Int) {
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: capacity)
    let stealer = deque.stealer
    expect(deque.pop() == nil && stealer.steal() == .empty)
    deque.push(1)
    expect(deque.pop() == 1 && deque.pop() == nil && stealer.steal() == .empty)
    deque.push(2)
    expect(stealer.steal() == .success(2) && stealer.steal() == .empty && deque.pop() == nil)
    deque.push(contentsOf: [3, 4, 5])
    expect(stealer.steal() == .success(3) && stealer.steal() == .success(4))
    expect(stealer.steal() == .success(5) && stealer.steal() == .empty)
    deque.push(contentsOf: [6, 7, 8, 9])
    expect(deque.popAll() == (order == .lifo ? [9, 8, 7, 6] : [6, 7, 8, 9]))
    expect(deque.order == order)
  }

  @Test(arguments: DequeOrder.allCases)
  func isEmpty(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    let stealer = deque.stealer
    expect(deque.isEmpty && stealer.isEmpty)
    deque.push(1)
    expect(!deque.isEmpty && !stealer.isEmpty)
    expect(deque.approximateCount == 1 && stealer.approximateCount == 1)
    deque.push(2)
    expect(deque.approximateCount == 2 && stealer.approximateCount == 2)
    _ = deque.pop()
    expect(!deque.isEmpty && !stealer.isEmpty)
    _ = stealer.steal()
    expect(deque.isEmpty && stealer.isEmpty && deque.approximateCount == 0)
    _ = deque.pop()
    expect(deque.isEmpty && stealer.approximateCount == 0)
  }

  @Test(arguments: DequeOrder.allCases, [1, 8, 64])
  func popsLikeAModel(order: DequeOrder, capacity: Int) {
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: capacity)
    let stealer = deque.stealer
    var model: [Int] = []
    var random = Seeded(seed: UInt64(capacity))
    for number in 0..<5_000 {
      // Runs of pushes and of takes, so that the array grows and shrinks.
      let growing = number / 700 % 2 == 0
      if Int.random(in: 0..<8, using: &random) < (growing ? 6 : 3) {
        deque.push(number)
        model.append(number)
      } else if Bool.random(using: &random) {
        expect(deque.pop() == (model.isEmpty ? nil : order == .lifo ? model.removeLast() : model.removeFirst()))
      } else {
        expect(stealer.steal().element == (model.isEmpty ? nil : model.removeFirst()))
      }
      if deque.approximateCount != model.count { Issue.record("wrong count") }
    }
    expect(deque.popAll() == (order == .lifo ? model.reversed() : model))
  }

  @Test(arguments: DequeOrder.allCases)
  func anEmptiedDequeStaysUsable(order: DequeOrder) {
    var deque = WorkStealingDeque<Int>(order: order)
    for _ in 0..<3 {
      expect(deque.pop() == nil)
      deque.push(1)
      expect(deque.pop() == 1)
    }
  }

  @Test func theOwnersDequeMayGoBeforeItsElements() {
    let stealer: Stealer<Int>
    do {
      var deque = WorkStealingDeque<Int>(order: .fifo)
      deque.push(contentsOf: 0..<100)
      stealer = deque.stealer
    }
    expect(stealer.stealAll() == Array(0..<100))
  }
}

/// A small reproducible source of random numbers.
struct Seeded: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }
  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state
  }
}
