import SkeinDeque

extension Row {
  /// As in `Peers/rust/src/bin/deque.rs`.
  static let deque: [Row] =
    DequeOrder.allCases.flatMap { order in
      [64, 256].map { width in
        Row("push-pop-\(width)-\(order)") { run in
          let rounds = run.size(20_000_000 / width)
          run.measure(
            items: rounds * width, prepare: { WorkStealingDeque<Int>(order: order) },
            { (deque) -> Int in pushAndPop(rounds, width, deque) },
            check: { UInt64($0) })
        }
      }
    } + [
      Row("injection-alone") { run in
        let rounds = run.size(150_000)
        run.measure(items: rounds * 64) { injectAndSteal(rounds, 64) }
      }
    ]
}

@inline(never)
private func pushAndPop(_ rounds: Int, _ width: Int, _ deque: consuming WorkStealingDeque<Int>) -> Int {
  var sum = 0
  for round in 0..<rounds {
    for number in 0..<width { deque.push(round &+ number) }
    while let element = deque.pop() { sum &+= element }
  }
  return sum
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
