import InterleavingExplorer
import SkeinDeque
import Testing

/// Elements of every size and kind come out as they went in.
@Suite struct ElementTests {
  @Test(arguments: DequeOrder.allCases)
  func sizes(order: DequeOrder) {
    expectEqual(MemoryLayout<Empty>.size, 0)
    expectEqual(MemoryLayout<Twelve>.size, 12)
    expectEqual(MemoryLayout<Sixteen>.size, 16)
    expectEqual(MemoryLayout<Forty>.size, 40)
    expectEqual(MemoryLayout<Huge>.size, 32_768)
    expect(MemoryLayout<Aligned>.alignment > 8)
    check(Empty.self, order, count: 60)
    check(UInt8.self, order, count: 60)
    check(Int.self, order, count: 60)
    check(Twelve.self, order, count: 60)
    check(Sixteen.self, order, count: 60)
    check(Aligned.self, order, count: 60)
    check(Forty.self, order, count: 60)
    check(String.self, order, count: 60)
    check(Huge.self, order, count: 20)
  }

  /// Neither arrays nor blocks of large elements are made on the stack: a block alone would be larger than this one.
  @Test func largeElementsOnASmallStack() {
    Threads.run(stackSize: 1 << 20) {
      let queue = InjectionQueue<Huge>()
      var deque = WorkStealingDeque<Huge>(order: .lifo, minimumCapacity: 64)
      for number in 0..<65 { queue.push(Huge(sample: number)) }
      expect(queue.steal(upTo: 4, into: &deque) == .success(4))
      expect(deque.pop() == Huge(sample: 0))
      expect(queue.steal() == .success(Huge(sample: 4)))
    }
  }

  private func check<Element: Sample>(_ type: Element.Type, _ order: DequeOrder, count: Int) {
    let samples = (0..<count).map { Element(sample: $0) }
    var deque = WorkStealingDeque<Element>(order: order, minimumCapacity: 4)
    deque.push(contentsOf: samples)
    expectEqual(deque.stealer.steal(), .success(samples[0]))
    var into = WorkStealingDeque<Element>(order: .fifo, minimumCapacity: 4)
    expect(deque.stealer.steal(upTo: 7, into: &into) == .success(7))
    let taken = Array(samples[1...7])
    expect(into.popAll() == (order == .fifo ? taken : taken.reversed()))
    let rest = Array(samples[8...])
    expect(deque.popAll() == (order == .fifo ? rest : rest.reversed()))

    let queue = InjectionQueue<Element>()
    queue.push(contentsOf: samples)
    expect(queue.steal() == .success(samples[0]))
    expect(queue.stealAndPop(upTo: 4, into: &into) == .success(samples[1]))
    expect(into.popAll() == Array(samples[2...4]))
    expect(queue.stealAll() == Array(samples[5...]))
  }

  @Test(arguments: DequeOrder.allCases)
  func nonCopyable(order: DequeOrder) {
    let tally = Tally(300)
    do {
      var deque = WorkStealingDeque<Unique>(order: order, minimumCapacity: 2)
      var into = WorkStealingDeque<Unique>(order: .lifo, minimumCapacity: 2)
      let queue = InjectionQueue<Unique>()
      for number in 0..<150 {
        deque.push(Unique(number, tally))
        queue.push(Unique(150 + number, tally))
      }
      expectEqual(tally.total, 0)
      if let element = deque.stealer.steal().takeElement() { expectEqual(element.identity, 0) } else { expect(false) }
      expectEqual(tally.total, 1)
      expect(deque.stealer.steal(into: &into) == .success(32))
      expect(queue.stealAndPop(into: &into).isSuccess)
      while let element = into.pop() { expect(element.identity > 0) }
      expectEqual(tally.total, 65)
    }
    expect(tally.everyOnce)
  }

  /// An element that is not `Sendable` may be sent, as nobody else keeps it.
  @Test func notSendable() {
    final class Private { var value = 1 }
    var deque = WorkStealingDeque<Private>(order: .lifo)
    deque.push(Private())
    deque.push(Private())
    expectEqual(deque.pop()?.value, 1)
    if case .success(let element) = deque.stealer.steal() { element.value += 1 } else { expect(false) }
    let queue = InjectionQueue<Private>()
    queue.push(Private())
    if let element = queue.stealAndPop(into: &deque).element { expectEqual(element.value, 1) } else { expect(false) }
  }
}
