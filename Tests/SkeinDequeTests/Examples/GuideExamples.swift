import SkeinDeque
import Synchronization

// The fragments of the guide "Writing your own scheduler" that are not in `ExampleScheduler`; `GuideTests` compares them.

typealias Action = @Sendable () -> Void

/// The loop of one worker.
func runWorker(
  _ index: Int, _ deque: inout WorkStealingDeque<Action>, _ queue: InjectionQueue<Action>,
  _ stealers: [Stealer<Action>],
  while isRunning: () -> Bool, otherwise wait: () -> Void
) -> StealRecorder {
  var thief = Thief(worker: index, victims: stealers, strategy: RandomStart(seed: UInt64(index)))
  while isRunning() {
    if let action = thief.next(from: &deque, or: queue) { action() } else { wait() }
  }
  return thief.recorder
}

/// A strategy of one's own: the neighbour first, and patience for a thousand rounds.
struct Neighbour: StealingStrategy {
  let worker: Int
  var amount: StealAmount { .one }
  mutating func firstVictim<Element: ~Copyable>(among stealers: [Stealer<Element>]) -> Int {
    (worker + 1) % stealers.count
  }
  mutating func searchesAgain(afterRound round: Int, lostRaces: Int) -> Bool { round < 1000 }
}

/// A push that runs what there is no room for.
func submit(_ action: @escaping Action, to deque: inout BoundedWorkStealingDeque<Action>) {
  if let refused = deque.push(action) { refused() }
}
