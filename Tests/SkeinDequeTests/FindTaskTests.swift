import SkeinDeque
import Testing

struct Work: Sendable {
  var run: @Sendable () -> Int
}

/// The documented way to look for something to do.
func findTask(
  _ local: inout WorkStealingDeque<Work>, _ global: InjectionQueue<Work>, _ stealers: [Stealer<Work>]
) -> Work? {
  if let work = local.pop() { return work }
  while true {
    let result = global.stealAndPop(into: &local)
      .orElse { StealResult.firstSuccess(of: stealers.lazy.map { $0.steal() }) }
    if !result.isRetry { return result.element }
  }
}

@Suite struct FindTaskTests {
  @Test func ownWorkThenOutsideWorkThenStolenWork() {
    var local = WorkStealingDeque<Work>(order: .lifo)
    var other = WorkStealingDeque<Work>(order: .fifo, minimumCapacity: 64)
    let stealers: [WorkStealingDeque<Work>.Stealer] = [other.stealer]
    let global = InjectionQueue<Work>()
    other.push(Work { 3 })
    global.push(Work { 2 })
    local.push(Work { 1 })
    expect(findTask(&local, global, stealers)?.run() == 1)
    expect(findTask(&local, global, stealers)?.run() == 2)
    expect(findTask(&local, global, stealers)?.run() == 3)
    expect(findTask(&local, global, stealers) == nil)
  }
}

extension Work: Equatable {
  static func == (one: Work, other: Work) -> Bool { false }
}
