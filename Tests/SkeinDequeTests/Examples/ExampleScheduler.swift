import Foundation
import SkeinDeque
import Synchronization

/// Runs tasks, which may add tasks, on a team of threads.
///
///     let scheduler = ExampleScheduler(workers: 4)
///     scheduler.submit { worker in worker.spawn { _ in … } }
///     print(scheduler.run())
///
/// Each worker runs its own newest task first and steals the oldest of others, starting at a random victim; tasks from
/// outside wait in an injection queue. `run` returns when nothing is left, and says who did what.
final class ExampleScheduler: Sendable {
  /// What a task gets: the worker it runs on.
  struct Worker: ~Copyable {
    fileprivate var deque: WorkStealingDeque<Work>
    fileprivate let scheduler: ExampleScheduler

    /// Adds a task that this worker will run next, unless another is idle and steals it.
    mutating func spawn(_ body: @escaping @Sendable (inout Worker) -> Void) {
      scheduler.unfinished.add(1, ordering: .relaxed)
      deque.push(Work(body: body))
    }
  }

  struct Work: Sendable {
    let body: @Sendable (inout Worker) -> Void
  }

  private let workerCount: Int
  private let queue = InjectionQueue<Work>()
  private let unfinished = Atomic(0)

  init(workers: Int) { workerCount = workers }

  /// Adds a task from outside, on any thread.
  func submit(_ body: @escaping @Sendable (inout Worker) -> Void) {
    unfinished.add(1, ordering: .relaxed)
    queue.push(Work(body: body))
  }

  /// Runs everything that was submitted and whatever that spawns.
  func run() -> StealSummary {
    // Stealers are known before the threads start; each thread then takes the deque that it will own.
    var stealers: [Stealer<Work>] = []
    var deques: [Handoff] = []
    for _ in 0..<workerCount {
      let deque = WorkStealingDeque<Work>(order: .lifo)
      stealers.append(deque.stealer)
      deques.append(Handoff(deque))
    }
    let recorders = Mutex<[StealRecorder]>([])
    let group = DispatchGroup()
    for index in 0..<workerCount {
      let (victims, deque) = (stealers, deques[index])
      group.enter()
      Thread.detachNewThread { [self] in
        if let own = deque.take() {
          var worker = Worker(deque: own, scheduler: self)
          let recorder = work(index, &worker, victims)
          recorders.withLock { $0.append(recorder) }
        }
        group.leave()
      }
    }
    group.wait()
    return StealSummary(recorders.withLock { $0.sorted { $0.worker < $1.worker } })
  }

  private func work(_ index: Int, _ worker: inout Worker, _ victims: [Stealer<Work>]) -> StealRecorder {
    var thief = Thief(worker: index, victims: victims, strategy: RandomStart(seed: UInt64(index)))
    // A task is finished only after what it spawned was counted, so zero means that nothing is left or will come.
    while unfinished.load(ordering: .acquiring) > 0 {
      if let work = thief.next(from: &worker.deque, or: queue) {
        work.body(&worker)
        unfinished.subtract(1, ordering: .acquiringAndReleasing)
      } else {
        Thread.sleep(forTimeInterval: 0)
      }
    }
    return thief.recorder
  }

  /// Takes a deque to the thread that is to own it.
  private final class Handoff: Sendable {
    private let slot: Mutex<WorkStealingDeque<Work>?>
    init(_ deque: consuming sending WorkStealingDeque<Work>) { slot = Mutex(consume deque) }
    func take() -> sending WorkStealingDeque<Work>? { slot.withLock { $0.take() } }
  }
}
