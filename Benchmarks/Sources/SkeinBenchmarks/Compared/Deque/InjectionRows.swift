import SkeinDeque
import Synchronization

// The injection queue: alone, one pusher and one thief, two of each, and by batches.

extension Row {
  static let injection = [
    Row("injection-alone") { run in
      let rounds = run.size(150_000)
      run.measure(items: rounds * 64) { injectAndSteal(rounds, 64) }
    },
    Row("injection-one-to-one") { run in
      let count = run.size(3_000_000)
      run.measure(items: count) { passThrough(pushers: 1, thieves: 1, count) }
    },
    Row("injection-many-to-many") { run in
      let count = run.size(1_500_000)
      run.measure(items: 2 * count) { passThrough(pushers: 2, thieves: 2, count) }
    },
    Row("injection-batch-alone") { run in
      let rounds = run.size(40_000)
      run.measure(items: rounds * 256) { injectAndStealBatches(rounds, 256) }
    },
    Row("injection-batch-one-to-one") { run in
      let count = run.size(3_000_000)
      run.measure(items: count) { passThroughInBatches(count) }
    },
  ]
}

@inline(never)
private func injectAndSteal(_ rounds: Int, _ width: Int) -> Int {
  let queue = InjectionQueue<Int>()
  var sum = 0
  for round in 0..<rounds {
    for number in 0..<width { queue.push(round &+ number) }
    while case .success(let element) = queue.steal() { sum &+= element }
  }
  return sum
}

@inline(never)
private func injectAndStealBatches(_ rounds: Int, _ width: Int) -> Int {
  let queue = InjectionQueue<Int>()
  var own = WorkStealingDeque<Int>(order: .lifo)
  var sum = 0
  for round in 0..<rounds {
    for number in 0..<width { queue.push(round &+ number) }
    while case .success(let element) = queue.stealAndPop(into: &own) {
      sum &+= element
      while let element = own.pop() { sum &+= element }
    }
  }
  return sum
}

@inline(never)
private func stealUntilDone(_ queue: InjectionQueue<Int>, _ pushers: borrowing Atomic<Int>) -> Int {
  var sum = 0
  while true {
    if queue.steal().add(to: &sum) { continue }
    if pushers.load(ordering: .acquiring) == 0, queue.isEmpty { return sum }
    yieldThread()
  }
}

@inline(never)
private func stealBatchesUntilDone(_ queue: InjectionQueue<Int>, _ pushers: borrowing Atomic<Int>) -> Int {
  var sum = 0
  var own = WorkStealingDeque<Int>(order: .lifo)
  while true {
    if queue.stealAndPop(into: &own).add(to: &sum) {
      while let element = own.pop() { sum &+= element }
      continue
    }
    if pushers.load(ordering: .acquiring) == 0, queue.isEmpty { return sum }
    yieldThread()
  }
}

/// `count` elements from each pusher.
private func passThrough(pushers: Int, thieves: Int, _ count: Int) -> Int {
  let queue = InjectionQueue<Int>()
  let pushing = Atomic(pushers)
  return runThreads(pushers + thieves - 1) { index in
    if index < thieves { return stealUntilDone(queue, pushing) }
    push(count, to: queue, pushing)
    return 0
  } beside: {
    push(count, to: queue, pushing)
    return 0
  }
}

private func passThroughInBatches(_ count: Int) -> Int {
  let queue = InjectionQueue<Int>()
  let pushing = Atomic(1)
  return runThreads(1) { _ in
    stealBatchesUntilDone(queue, pushing)
  } beside: {
    push(count, to: queue, pushing)
    return 0
  }
}

@inline(never)
private func push(_ count: Int, to queue: InjectionQueue<Int>, _ pushing: borrowing Atomic<Int>) {
  for number in 0..<count { queue.push(number) }
  pushing.subtract(1, ordering: .acquiringAndReleasing)
}
