import InterleavingExplorer
import SkeinDeque
import Synchronization
import Testing

/// Every public name that programs elsewhere rely on, spelled as they spell it: that this compiles is the test.
@Suite struct ContractTests {
  @Test(arguments: [WorkStealingDeque<Int>.Order.lifo, .fifo])
  func owner(order: WorkStealingDeque<Int>.Order) {
    var deque = WorkStealingDeque<Int>(order: order, minimumCapacity: 64)
    deque.push(1)
    let popped: Int? = deque.pop()
    expect(popped == 1 && deque.isEmpty)
    let count: Int = deque.approximateCount
    expectEqual(count, 0)
    _ = WorkStealingDeque<Int>(order: .lifo)
    _ = WorkStealingDeque<Int>(order: .fifo)
  }

  /// Both spellings of a stealer are one type; it is copyable and `Sendable`.
  @Test func stealer() {
    var deque = WorkStealingDeque<Int>(order: .lifo)
    var into = WorkStealingDeque<Int>(order: .fifo)
    let stealer: Stealer<Int> = deque.stealer
    let same: WorkStealingDeque<Int>.Stealer = stealer
    requireSendable(same)
    let one: StealResult<Int> = stealer.steal()
    let moved: StealResult<Int> = stealer.steal(upTo: 32, into: &into)
    let popped: StealResult<Int> = stealer.stealAndPop(upTo: 32, into: &into)
    expect(one.isEmpty && moved.isEmpty && popped.isEmpty)
    expect(stealer.steal(into: &into).isEmpty && stealer.stealAndPop(into: &into).isEmpty)
    expect(stealer.steal(upTo: 8, ifAtLeast: 2, into: &into).isEmpty)
    deque.push(1)
    expect(!stealer.isEmpty && stealer.approximateCount == 1)
  }

  @Test func injectionQueue() {
    let queue = InjectionQueue<Int>()
    let same: InjectionQueue<Int> = queue
    requireSendable(same)
    var into = WorkStealingDeque<Int>(order: .lifo)
    for number in 0..<9 { queue.push(number) }
    expect(queue.approximateCount == 9 && !queue.isEmpty)
    expectEqual(queue.steal(), .success(0))
    expectEqual(queue.steal(upTo: 32, into: &into), .success(4))
    expectEqual(queue.stealAndPop(upTo: 32, into: &into), .success(5))
    expectEqual(queue.steal(upTo: 32, ifAtLeast: 9, into: &into), .empty)
    expectEqual(same.approximateCount, 2)
  }

  @Test func stealResult() {
    let results: [StealResult<Int>] = [.success(1), .empty, .retry]
    requireSendable(results)
    expectEqual(results.map(\.isSuccess), [true, false, false])
    expectEqual(results.map(\.isEmpty), [false, true, false])
    expectEqual(results.map(\.isRetry), [false, false, true])
    expectEqual(results.map(\.element), [1, nil, nil])
    expectEqual(results[1].orElse { .success(2) }, .success(2))
    expectEqual(StealResult.firstSuccess(of: results), .success(1))
  }

  /// What issue and design ask for beyond crossbeam-deque.
  @Test func more() {
    var deque = WorkStealingDeque<Int>(order: .lifo)
    deque.push(1)
    expect(deque.capacity == 64 && deque.minimumCapacity == 64 && deque.highWaterMark == 1)
    deque.shrinkToFit()
    expectEqual(deque.drain { _ in }, 1)
    var bounded = BoundedWorkStealingDeque<Int>(order: .fifo, capacity: 1)
    let refused: (Int?, Int?) = (bounded.push(1), bounded.push(2))
    expect(refused.0 == nil && refused.1 == 2 && bounded.room == 0 && bounded.drain() == 1)
    expectEqual(InjectionQueue<Int>().drain(), 0)
    let strategies: [any StealingStrategy] = [
      FirstInOrder(amount: .one), RandomStart(seed: 1, amount: .half), RoundRobin(startingAt: 0, amount: .batch()),
      LastSuccess(amount: .batch(upTo: 8, ifAtLeast: 2)), LongestFirst(),
    ]
    for strategy in strategies { findNothing(strategy) }
  }

  private func findNothing<Strategy: StealingStrategy>(_ strategy: Strategy) {
    var deque = WorkStealingDeque<Int>(order: .lifo)
    var thief = Thief(worker: 0, victims: [deque.stealer], strategy: strategy)
    expect(thief.next(from: &deque) == nil && thief.next(from: &deque, or: InjectionQueue()) == nil)
    let summary = StealSummary([thief.recorder])
    expect(summary.tasksRun == 0 && summary.description.contains("evenness 100 %"))
  }

  // MARK: Non-copyable elements

  struct Ticket: ~Copyable {
    let number: Int
  }

  @Test func nonCopyableElements() {
    var deque = WorkStealingDeque<Ticket>(order: .lifo)
    var into = WorkStealingDeque<Ticket>(order: .fifo)
    let stealer: WorkStealingDeque<Ticket>.Stealer = deque.stealer
    let queue = InjectionQueue<Ticket>()
    for number in 0..<8 {
      deque.push(Ticket(number: number))
      queue.push(Ticket(number: number))
    }
    if let ticket = deque.pop() { expectEqual(ticket.number, 7) }
    switch stealer.steal() {
    case .success(let ticket): expectEqual(ticket.number, 0)
    default: expect(false)
    }
    expectEqual(stealer.steal(upTo: 2, into: &into), .success(2))
    let result = queue.stealAndPop(into: &into).orElse { stealer.stealAndPop(into: &into) }
    expect(result.isSuccess && !result.isEmpty && !result.isRetry)
    if let ticket = result.takeElement() { expectEqual(ticket.number, 0) }
  }

  // MARK: Sending

  /// The deque goes to another thread as a `sending` value, with elements that are not `Sendable` in it.
  @Test func sendingTheDeque() {
    final class Counter { var value = 0 }
    let deque = makeDeque { Counter() }
    let stealer = deque.stealer
    let slot = Mailbox(deque)
    let left = Atomic(0)
    Threads.run(1) { _ in
      guard var deque = slot.take() else { return }
      while let counter = deque.pop() {
        counter.value += 1
        left.add(1, ordering: .relaxed)
      }
    }
    expectEqual(left.load(ordering: .relaxed), 3)
    expect(stealer.isEmpty)
  }

  private func makeDeque<Element>(_ make: () -> sending Element) -> sending WorkStealingDeque<Element> {
    var deque = WorkStealingDeque<Element>(order: .lifo)
    for _ in 0..<3 { deque.push(make()) }
    return deque
  }

  /// Takes a deque from one thread to another with what the standard library has.
  private final class Mailbox<Element>: Sendable {
    private let slot: Mutex<WorkStealingDeque<Element>?>
    init(_ deque: consuming sending WorkStealingDeque<Element>) { slot = Mutex(consume deque) }
    func take() -> sending WorkStealingDeque<Element>? { slot.withLock { $0.take() } }
  }

  private func requireSendable(_ value: some Sendable) {}
}
