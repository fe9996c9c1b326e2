import Foundation
import SkeinDeque
import Synchronization

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

/// Runs every task of the workload once on threads of its own, and returns what each thread did.
///
/// This is a whole work-stealing scheduler made of the deque, the injection queue and the stealers alone.
func runScheduler(_ workload: Workload, threads: Int, order: VictimOrder) -> [ThreadRecord] {
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
  let left = LeftOver(workload.taskCount)
  let records = Mutex([ThreadRecord](repeating: ThreadRecord(), count: threads))
  let group = DispatchGroup()
  for index in 0..<threads {
    let handoff = deques[index]
    var others = stealers
    others.remove(at: index)
    group.enter()
    Thread.detachNewThread { [others] in
      if let local = handoff.take() {
        var participant = Participant(
          local: local, global: global, stealers: others, order: order, seed: UInt64(index))
        left.help(&participant, workload)
        let record = participant.finished()
        records.withLock { $0[index] = record }
      }
      group.leave()
    }
  }
  group.wait()
  return records.withLock { $0 }
}

/// The number of tasks that nobody has finished yet.
private final class LeftOver: Sendable {
  private let count: Atomic<Int>

  init(_ count: Int) {
    self.count = Atomic(count)
  }

  /// Finds and runs tasks until none is left anywhere.
  func help(_ participant: inout Participant, _ workload: Workload) {
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
