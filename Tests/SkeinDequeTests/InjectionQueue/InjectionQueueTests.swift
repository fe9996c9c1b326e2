import SkeinDeque
import Testing

@Suite struct InjectionQueueTests {
  @Test func smoke() {
    let queue = InjectionQueue<Int>()
    expectEqual(queue.steal(), .empty)
    queue.push(1)
    queue.push(2)
    expect(queue.steal() == .success(1) && queue.steal() == .success(2) && queue.steal() == .empty)
    queue.push(3)
    expect(queue.steal() == .success(3) && queue.steal() == .empty)
  }

  @Test func isEmpty() {
    let queue = InjectionQueue<Int>()
    expect(queue.isEmpty && queue.approximateCount == 0)
    queue.push(1)
    expect(!queue.isEmpty && queue.approximateCount == 1)
    _ = queue.steal()
    expect(queue.isEmpty && queue.approximateCount == 0)
  }

  /// At the borders of blocks too, counts are exact and a single thread never has to try again.
  @Test func countsAcrossBlocks() {
    let queue = InjectionQueue<Int>()
    for number in 1...300 {
      queue.push(number)
      expect(queue.approximateCount == number && !queue.isEmpty)
    }
    for number in 1...300 {
      expectEqual(queue.steal(), .success(number))
      expect(queue.approximateCount == 300 - number && queue.isEmpty == (number == 300))
    }
  }

  @Test(arguments: [1, 2, 62, 63, 64, 126, 127])
  func fillAndDrain(width: Int) {
    let queue = InjectionQueue<Int>()
    for _ in 0..<50 {
      queue.push(contentsOf: 0..<width)
      expectEqual(queue.stealAll(), Array(0..<width))
      expectEqual(queue.steal(), .empty)
    }
  }
}
