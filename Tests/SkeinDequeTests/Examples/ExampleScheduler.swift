import SkeinDeque
import Synchronization

/// A complete scheduler made from the parts of this library: tasks that may add tasks, run by a team of threads.
///
///     let scheduler = ExampleScheduler(workers: 4)
///     scheduler.submit { worker in worker.spawn { _ in … } }
///     let summary = scheduler.run()
///
/// Each worker runs its own newest task first and steals the oldest of others, starting at a random victim; tasks from
/// outside wait in an injection queue. `run` returns when nothing is left, and says who did what.
final class ExampleScheduler: Sendable {
  /// What a task gets: the worker it runs on.
  struct Worker: ~Copyable {
    fileprivate var deque: WorkStealingDeque<Task>
    fileprivate let scheduler: ExampleScheduler

    /// Adds a task that this worker will run next, unless another is idle and steals it.
    mutating func spawn(_ body: @escaping @Sendable (inout Worker) -> Void) {
      scheduler.unfinished.add(1, ordering: .relaxed)
      deque.push(Task(body: body))
    }
  }

  struct Task: Sendable {
    let body: @Sendable (inout Worker) -> Void
  }

  private let workerCount: Int
  private let queue = InjectionQueue<Task>()
  private let unfinished = Atomic(0)

  init(workers: Int) { workerCount = workers }

  /// Adds a task from outside, on any thread.
  func submit(_ body: @escaping @Sendable (inout Worker) -> Void) {
    unfinished.add(1, ordering: .relaxed)
    queue.push(Task(body: body))
  }

  /// Runs everything that was submitted and whatever that spawns.
  func run() -> StealSummary {
    // Stealers are known before the threads start; each thread then makes the deque it owns its own.
    let deques = (0..<workerCount).map { _ in HandOver(WorkStealingDeque<Task>(order: .lifo)) }
    let stealers = deques.map { slot -> Stealer<Task> in
      let deque = slot.take()!
      let stealer = deque.stealer
      slot.put(deque)
      return stealer
    }
    let records = Mutex<[StealRecorder]>([])
    Threads.run(workerCount) { [self] index in
      var worker = Worker(deque: deques[index].take()!, scheduler: self)
      let record = work(index, &worker, stealers)
      records.withLock { $0.append(record) }
    }
    return StealSummary(records.withLock { $0.sorted { $0.worker < $1.worker } })
  }

  private func work(_ index: Int, _ worker: inout Worker, _ stealers: [Stealer<Task>]) -> StealRecorder {
    var thief = Thief(worker: index, victims: stealers, strategy: RandomStart(seed: UInt64(index)))
    // A task is finished only after what it spawned was counted, so zero means that nothing is left or will come.
    while unfinished.load(ordering: .acquiring) > 0 {
      guard let task = thief.next(from: &worker.deque, or: queue) else {
        Threads.yield()
        continue
      }
      task.body(&worker)
      unfinished.subtract(1, ordering: .acquiringAndReleasing)
    }
    return thief.recorder
  }
}
