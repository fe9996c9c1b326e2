import SkeinDeque
import Synchronization

// An owner and thieves who take one element at a time.

extension Row {
  static let thieves =
    rows("steal-alone") { run, order in
      let rounds = run.size(40_000)
      run.measure(items: rounds * 256) { stealAlone(rounds, 256, WorkStealingDeque(order: order)) }
    }
    + rows("pop-against-1-thief") { run, order in
      let rounds = run.size(60_000)
      run.measure(items: rounds * 64) { popAgainstThieves(1, rounds, 64, order) }
    }
    + rows("pop-against-3-thieves") { run, order in
      let rounds = run.size(60_000)
      run.measure(items: rounds * 64) { popAgainstThieves(3, rounds, 64, order) }
    }
    + rows("push-to-1-thief") { run, order in
      let count = run.size(3_000_000)
      run.measure(items: count) { pushToThieves(1, count, order) }
    }
    + rows("push-to-3-thieves") { run, order in
      let count = run.size(3_000_000)
      run.measure(items: count) { pushToThieves(3, count, order) }
    }
}

@inline(never)
private func stealAlone(_ rounds: Int, _ width: Int, _ deque: consuming WorkStealingDeque<Int>) -> Int {
  var sum = 0
  let stealer = deque.stealer
  for round in 0..<rounds {
    for number in 0..<width { deque.push(round &+ number) }
    while case .success(let element) = stealer.steal() { sum &+= element }
  }
  return sum
}

/// What a thief does until there is nothing left to come.
@inline(never)
private func stealUntilDone(_ stealer: Stealer<Int>, _ done: borrowing Atomic<Bool>) -> Int {
  var sum = 0
  while true {
    if stealer.steal().add(to: &sum) { continue }
    if done.load(ordering: .acquiring), stealer.isEmpty { return sum }
    yieldThread()
  }
}

private func popAgainstThieves(_ thieves: Int, _ rounds: Int, _ width: Int, _ order: DequeOrder) -> Int {
  var deque = WorkStealingDeque<Int>(order: order)
  let stealer = deque.stealer
  let done = Atomic(false)
  return runThreads(thieves) { _ in
    stealUntilDone(stealer, done)
  } beside: {
    var sum = 0
    for round in 0..<rounds {
      for number in 0..<width { deque.push(round &+ number) }
      while let element = deque.pop() { sum &+= element }
    }
    done.store(true, ordering: .releasing)
    return sum
  }
}

private func pushToThieves(_ thieves: Int, _ count: Int, _ order: DequeOrder) -> Int {
  var deque = WorkStealingDeque<Int>(order: order)
  let stealer = deque.stealer
  let done = Atomic(false)
  return runThreads(thieves) { _ in
    stealUntilDone(stealer, done)
  } beside: {
    for number in 0..<count { deque.push(number) }
    done.store(true, ordering: .releasing)
    return 0
  }
}
