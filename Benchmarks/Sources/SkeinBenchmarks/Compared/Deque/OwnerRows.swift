import SkeinDeque

// An owner by itself: pushes a burst and pops until nothing is left.

extension Row {
  static let owner =
    rows("push-pop-64") { run, order in numbers(run, 64, order) }
    + rows("push-pop-256") { run, order in numbers(run, 256, order) }
    + rows("push-pop-64-object") { run, order in
      let rounds = run.size(10_000_000 / 64)
      run.measure(items: rounds * 64) { pushAndPopObjects(rounds, 64, WorkStealingDeque(order: order)) }
    }

  private static func numbers(_ run: RowRun, _ width: Int, _ order: DequeOrder) {
    let rounds = run.size(20_000_000 / width)
    run.measure(items: rounds * width) { pushAndPop(rounds, width, WorkStealingDeque(order: order)) }
  }
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

private final class Object {
  let number: Int
  init(_ number: Int) { self.number = number }
}

/// The same objects go in and out: no allocation is measured.
@inline(never)
private func pushAndPopObjects(_ rounds: Int, _ width: Int, _ deque: consuming WorkStealingDeque<Object>) -> Int {
  var sum = 0
  for number in 0..<width { deque.push(Object(number)) }
  var outside = WorkStealingDeque<Object>(order: .lifo, minimumCapacity: width)
  for _ in 0..<rounds {
    while let object = deque.pop() {
      sum &+= object.number
      // `object` would otherwise live to the end of its scope, and be retained here and released there.
      outside.push(consume object)
    }
    while let object = outside.pop() { deque.push(consume object) }
  }
  return sum
}
