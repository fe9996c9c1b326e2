import SkeinDeque
import Synchronization
import Testing

@Suite(.serialized) struct ExampleSchedulerTests {
  /// A tree of tasks, each of which spawns two.
  @Test(arguments: [1, 2, 4])
  func runsATreeOfTasks(workers: Int) {
    final class Count: Sendable {
      let value = Atomic(0)
    }
    let count = Count()
    @Sendable func grow(_ depth: Int, _ worker: inout ExampleScheduler.Worker) {
      count.value.add(1, ordering: .relaxed)
      guard depth > 0 else { return }
      for _ in 0..<2 { worker.spawn { grow(depth - 1, &$0) } }
    }
    let scheduler = ExampleScheduler(workers: workers)
    for _ in 0..<8 { scheduler.submit { grow(8, &$0) } }
    let summary = scheduler.run()
    expectEqual(count.value.load(ordering: .relaxed), 8 * 511)
    expectEqual(summary.tasksRun, 8 * 511)
    expectEqual(summary.injected, 8)
    // Each task was popped from an own deque or came straight from a successful attempt.
    let attempts = summary.workers.reduce(0) { $0 + $1.steals + $1.injection.successes }
    expectEqual(summary.ownTasks, summary.tasksRun - attempts)
    expectEqual(summary.workers.count, workers)
  }

  @Test func hasNothingToDo() {
    expectEqual(ExampleScheduler(workers: 3).run().tasksRun, 0)
  }
}
