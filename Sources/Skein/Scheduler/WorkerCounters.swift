internal import Synchronization

/// The counters of one worker, readable from any thread.
///
/// Only the worker itself writes, by a relaxed load and a relaxed store, which costs no more than a plain increment;
/// none of them is on the path of a fork that is not stolen.
struct WorkerCounters: ~Copyable {
  let stolen = Counter()
  let failedSteals = Counter()
  let submissions = Counter()
  let scopeTasks = Counter()
  let jobs = Counter()
  let splits = Counter()
  let helped = Counter()
  let sleeps = Counter()
  let waitingTicks = Counter()
  let deepestStack = Counter()
  let openIterations = Counter()
}

struct Counter: ~Copyable {
  private let value = Atomic<UInt64>(0)

  func add(_ amount: UInt64 = 1) {
    value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }

  func raise(to candidate: UInt64) {
    if candidate > value.load(ordering: .relaxed) { value.store(candidate, ordering: .relaxed) }
  }

  var current: UInt64 { value.load(ordering: .relaxed) }
}
