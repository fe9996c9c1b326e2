import SkeinDeque
import Synchronization

// Thieves who take a batch, by default half and at most 32, and pop all of it from a deque of their own.

extension Row {
  static let batches =
    rows("batch-alone") { run, order in
      let rounds = run.size(40_000)
      run.measure(items: rounds * 256) { batchAlone(rounds, 256, WorkStealingDeque(order: order)) }
    }
    + rows("push-to-1-batch-thief") { run, order in
      let count = run.size(3_000_000)
      run.measure(items: count) { pushToBatchThief(count, order) }
    }
}

@inline(never)
private func batchAlone(_ rounds: Int, _ width: Int, _ deque: consuming WorkStealingDeque<Int>) -> Int {
  var sum = 0
  let stealer = deque.stealer
  var own = WorkStealingDeque<Int>(order: .lifo)
  for round in 0..<rounds {
    for number in 0..<width { deque.push(round &+ number) }
    while case .success(let element) = stealer.stealAndPop(into: &own) {
      sum &+= element
      while let element = own.pop() { sum &+= element }
    }
  }
  return sum
}

@inline(never)
private func stealUntilDone(_ stealer: Stealer<Int>, _ done: borrowing Atomic<Bool>) -> Int {
  var sum = 0
  var own = WorkStealingDeque<Int>(order: .lifo)
  while true {
    if stealer.stealAndPop(into: &own).add(to: &sum) {
      while let element = own.pop() { sum &+= element }
      continue
    }
    if done.load(ordering: .acquiring), stealer.isEmpty { return sum }
    yieldThread()
  }
}

private func pushToBatchThief(_ count: Int, _ order: DequeOrder) -> Int {
  var deque = WorkStealingDeque<Int>(order: order)
  let stealer = deque.stealer
  let done = Atomic(false)
  return runThreads(1) { _ in
    stealUntilDone(stealer, done)
  } beside: {
    for number in 0..<count { deque.push(number) }
    done.store(true, ordering: .releasing)
    return 0
  }
}
