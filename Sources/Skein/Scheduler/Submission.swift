internal import CSkein
internal import Synchronization

/// A piece of work handed to a pool from outside the worker that will run it: a blocking `run`, a detached `spawn`, an
/// asynchronous call, or one worker's share of `onEachThread`.
///
/// SAFETY: everything but the two atomics is immutable; the words in `body` are called once, while the
/// thread that they were taken on is blocked until `isDone`.
final class Submission: @unchecked Sendable {
  @safe
  enum Body {
    /// A closure of a caller who is blocked until the submission is done.
    case borrowed(skein_closure)
    /// A closure that nobody waits for.
    case owned(@Sendable () -> Void)
  }

  /// Who sleeps until the submission is done.
  enum Caller {
    case nobody
    case worker(WorkerReference)
    case thread
  }

  private let body: Body
  private let caller: Caller
  /// On whose behalf it runs.
  let context: RunContext?
  /// How deep in loops it was submitted.
  let level: UInt
  /// The group that whoever waits for it waits for, or zero.
  let group: UInt64
  private let parker: Parker?
  private let claimed = Atomic<Bool>(false)
  private let done = Atomic<Bool>(false)

  init(_ body: Body, caller: Caller, context: RunContext?, level: UInt = 0, group: UInt64 = 0) {
    self.body = body
    self.caller = caller
    self.context = context
    self.level = level
    self.group = group
    if case .thread = caller { parker = Parker() } else { parker = nil }
  }

  var isDone: Bool { done.load(ordering: .sequentiallyConsistent) }  // pairs with the store in `perform`

  /// Makes the caller the one who runs this; false if somebody else is.
  ///
  /// Only a call from another pool's worker can be come by in two ways: from a queue or an inbox, and as `callToRunInStandstill`.
  func claim() -> Bool {
    guard case .worker = caller else { return true }
    return !claimed.exchange(true, ordering: .relaxed)  // whoever comes by it has acquired it
  }

  var isClaimed: Bool { claimed.load(ordering: .relaxed) }

  /// Runs it and wakes the caller.
  func perform() {
    switch body {
    case .borrowed(let words): unsafe skein_closure_call(words)
    case .owned(let closure): closure()
    }
  }

  func finish() {
    switch caller {
    case .nobody: done.store(true, ordering: .sequentiallyConsistent)
    case .worker(let worker):
      // Once it is done the caller may go on and its pool, which can be another one, may end: hold on to it for the wake-up.
      unsafe withExtendedLifetime(worker.pool.owner) {
        done.store(true, ordering: .sequentiallyConsistent)
        worker.wakeFromWaiting()
      }
    case .thread:
      done.store(true, ordering: .sequentiallyConsistent)
      parker!.wake(.waiting)
    }
  }

  /// Blocks a thread outside any pool until the submission is done.
  func waitOutsidePools() {
    for _ in 0..<100 {
      if isDone { return }
      skein_pause()
    }
    while !isDone {
      parker!.announce(.waiting)
      if isDone {
        parker!.stayAwake()
      } else {
        parker!.sleep(.waiting)
      }
    }
  }
}
