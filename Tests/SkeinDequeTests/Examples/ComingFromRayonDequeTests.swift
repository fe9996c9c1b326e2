import SkeinDeque
import Testing

/// Each spelling in the table "The deque" on the page "Coming from Rayon", and what it gives.
@Suite struct ComingFromRayonDequeTests {
  @Test func aWorkerAndItsStealer() {
    var deque = WorkStealingDeque<Int>(order: .lifo)
    var other = WorkStealingDeque<Int>(order: .fifo)
    for i in 0..<100 { deque.push(i) }
    let stealer = deque.stealer
    #expect(deque.pop() == 99 && stealer.steal().element == 0)
    #expect(stealer.steal(upTo: 8, into: &other).element == 8)
    #expect(stealer.steal(into: &other).element == 32)
    #expect(stealer.stealAndPop(upTo: 8, into: &other).isSuccess)
    #expect(stealer.stealAndPop(into: &other).isSuccess)
    #expect(deque.approximateCount == stealer.approximateCount && !deque.isEmpty && !stealer.isEmpty)
  }

  @Test func anInjector() {
    let queue = InjectionQueue<Int>()
    var deque = WorkStealingDeque<Int>(order: .fifo)
    for _ in 0..<200 { queue.push(1) }
    #expect(queue.steal().element == 1)
    #expect(queue.steal(upTo: 8, into: &deque).element == 8)
    #expect(queue.steal(into: &deque).isSuccess)
    #expect(queue.stealAndPop(upTo: 8, into: &deque).element == 1)
    #expect(queue.stealAndPop(into: &deque).element == 1)
    #expect(queue.approximateCount + deque.approximateCount == 197 && !queue.isEmpty)
  }

  @Test func results() {
    #expect(StealResult<Int>.empty.isEmpty && StealResult.success(1).isSuccess && StealResult<Int>.retry.isRetry)
    #expect(StealResult<Int>.empty.orElse { .success(1) }.element == 1)
    let attempts: [StealResult<Int>] = [.empty, .retry, .success(1)]
    #expect(StealResult.firstSuccess(of: attempts).element == 1)
  }
}
