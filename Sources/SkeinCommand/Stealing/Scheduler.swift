import Foundation
import SkeinDeque
import Synchronization

/// Runs every task of the workload once on threads of its own, and returns what each thread did.
///
/// This is a whole work-stealing scheduler made of the deque, the injection queue and the stealers alone.
///
/// - Parameter makeFinder: what a thread finds its tasks with, given its number and the stealers of all threads.
func runThreads<Finder: TaskFinder>(
  _ workload: Workload, threads: Int,
  makeFinder: (_ worker: Int, _ stealers: [Stealer<Work>], _ global: InjectionQueue<Work>) -> Finder
) -> [ThreadRecord] {
  let global = InjectionQueue<Work>()
  for root in workload.roots {
    global.push(root)
  }
  var stealers: [Stealer<Work>] = []
  var deques: [Handoff<WorkStealingDeque<Work>>] = []
  for _ in 0..<threads {
    let deque = WorkStealingDeque<Work>(order: .lifo)
    stealers.append(deque.stealer)
    deques.append(Handoff(deque))
  }
  let unfinished = UnfinishedTasks(workload.taskCount)
  let records = Mutex([ThreadRecord](repeating: ThreadRecord(), count: threads))
  let group = DispatchGroup()
  for (worker, deque) in deques.enumerated() {
    let finder = makeFinder(worker, stealers, global)
    group.enter()
    Thread.detachNewThread {
      if let local = deque.take() {
        var participant = Participant(local: local, finder: finder)
        unfinished.help(&participant, workload)
        let record = participant.finished()
        records.withLock { $0[worker] = record }
      }
      group.leave()
    }
  }
  group.wait()
  return records.withLock { $0 }
}

/// Hands a value that may not be copied to the one thread that takes it.
private final class Handoff<Value: ~Copyable>: Sendable {
  private let slot: Mutex<Value?>

  init(_ value: consuming sending Value) {
    slot = Mutex(consume value)
  }

  func take() -> sending Value? {
    slot.withLock { $0.take() }
  }
}

/// The number of tasks that nobody has finished yet.
private final class UnfinishedTasks: Sendable {
  private let count: Atomic<Int>

  init(_ count: Int) {
    self.count = Atomic(count)
  }

  /// Finds and runs tasks until none is left anywhere.
  func help<Finder>(_ participant: inout Participant<Finder>, _ workload: Workload) {
    var misses = 0
    // The count only says when to stop, results pass through a lock: relaxed on both sides.
    while count.load(ordering: .relaxed) > 0 {
      if let work = participant.findTask() {
        misses = 0
        participant.run(work, of: workload)
        count.subtract(1, ordering: .relaxed)
      } else {
        // Others are still running tasks that may make more.
        misses += 1
        Thread.sleep(forTimeInterval: misses < 16 ? 0 : 50e-6)
      }
    }
  }
}
