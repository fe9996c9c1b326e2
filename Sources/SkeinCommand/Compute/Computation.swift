import Skein

/// One computation, written for each of the schedulers that are compared; every form gives the same answer.
protocol Computation: Sendable {
  associatedtype Answer: Equatable & Sendable

  var name: String { get }
  var detail: String { get }

  func sequential() -> Answer
  func skein(_ pool: ThreadPool) -> Answer
  func concurrentPerform() -> Answer
  func taskGroup() async -> Answer
}

/// Who runs a computation.
enum Scheduler: String, Codable, CaseIterable {
  case sequential, skein, concurrentPerform, taskGroup

  var title: String {
    switch self {
    case .sequential: "plain loop"
    case .skein: "Skein"
    case .concurrentPerform: "Dispatch"
    case .taskGroup: "task group"
    }
  }
}

extension Computation {
  func answer(by scheduler: Scheduler, _ pool: ThreadPool) -> Answer {
    switch scheduler {
    case .sequential: sequential()
    case .skein: skein(pool)
    case .concurrentPerform: concurrentPerform()
    case .taskGroup: waitFor { await taskGroup() }
    }
  }

  /// The median time of each scheduler, in rounds of all of them; every answer is compared with the first sequential one.
  func compared(in pool: ThreadPool, rounds: Int, afterEach: () -> Void = {}) -> Comparison {
    var seconds: [Scheduler: [Double]] = [:]
    var wrong: Set<Scheduler> = []
    let expected = sequential()
    for _ in 0..<rounds {
      for scheduler in Scheduler.allCases {
        let (result, time) = timed { answer(by: scheduler, pool) }
        seconds[scheduler, default: []].append(time)
        if result != expected { wrong.insert(scheduler) }
        afterEach()
      }
    }
    return Comparison(
      name: name, detail: detail,
      runs: Scheduler.allCases.map {
        .init(scheduler: $0, seconds: median(seconds[$0] ?? [.nan]), isRight: !wrong.contains($0))
      })
  }
}
