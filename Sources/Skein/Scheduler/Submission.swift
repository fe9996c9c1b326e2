internal import CSkein
internal import Synchronization

/// A piece of work passed to a pool from outside the worker that will run it: a blocking `run`, the second closure of a
/// `join` outside any pool, an asynchronous call, or one worker's share of a call on each thread.
///
/// SAFETY: everything but the atomics, `patience` and `body` is immutable, and `body` belongs to the thread that has
/// claimed the submission. Its words are called once, while the thread that they were taken on is blocked until
/// `isDone`.
final class Submission: @unchecked Sendable {
  @safe
  enum Body {
    /// A closure of a caller that is blocked until the submission is done.
    case borrowed(skein_closure)
    /// A closure of the submission's own. It is released before any other thread learns that the submission is done.
    case owned(@Sendable () -> Void)
    /// An owned closure that has been taken out.
    case released
  }

  /// Who is notified when the submission is done.
  enum Caller {
    case worker(WorkerReference)
    case thread
    /// A waiter that is notified by a call of this closure.
    case closure(@Sendable () -> Void)
  }

  private var body: Body
  private let caller: Caller
  /// The context in which it runs.
  let context: RunContext?
  /// The nesting level in loops of the submitting code.
  let level: UInt
  /// The group that its waiter waits for, or zero.
  let group: UInt64
  /// The only worker that may run it, if it is a share of a call on each thread; nil if any worker of the pool may.
  let worker: WorkerReference?
  /// The task-local values that it is to see. The waiter keeps them alive.
  let values: TaskLocalValues
  /// The context in whose inbox it is, if it is a call for one that a blocked worker waits for.
  let addressee: RunContext?
  private let parker: Parker?
  /// How long the caller, if it is a thread outside any pool, looks for the end before it sleeps. Only the caller uses
  /// this.
  var patience = Patience.ofCaller
  /// The address of the worker that runs or has run it, or zero.
  private let claimant = Atomic<UInt>(0)
  private let done = Atomic<Bool>(false)

  init(
    _ body: Body, caller: Caller, context: RunContext?, values: TaskLocalValues, level: UInt = 0, group: UInt64 = 0,
    for worker: WorkerReference? = nil, addressee: RunContext? = nil
  ) {
    self.body = body
    self.caller = caller
    self.context = context
    self.values = values
    self.level = level
    self.group = group
    self.worker = worker
    self.addressee = addressee
    if case .thread = caller { parker = Parker() } else { parker = nil }
  }

  var isDone: Bool { done.load(ordering: .sequentiallyConsistent) }  // pairs with the store in `finish`

  /// Claims the submission for `worker`; returns false if another one has.
  ///
  /// A submission can be reached in two ways: in its queue, inbox or list of shares, and through its blocked caller, in
  /// a standstill.
  func claim(by worker: WorkerReference) -> Bool {
    // Relaxed: a thread that reaches it has acquired its content, by the queue's or the list's own ordering.
    unsafe claimant.compareExchange(expected: 0, desired: UInt(bitPattern: worker.pointer), ordering: .relaxed)
      .exchanged
  }

  /// Claims this so that it never runs.
  /// - Returns: False if it has begun.
  func claimForNobody() -> Bool {
    claimant.compareExchange(expected: 0, desired: Submission.nobody, ordering: .relaxed).exchanged
  }

  /// No worker's address.
  private static var nobody: UInt { 1 }

  /// Gives up a claim, if the worker could not be started after all.
  func unclaim() { claimant.store(0, ordering: .relaxed) }

  /// The worker that runs it, or has run it; nil if it has not begun.
  var runner: WorkerReference? {
    unsafe UnsafeMutablePointer<Worker>(bitPattern: claimant.load(ordering: .relaxed) & ~Submission.nobody).map {
      unsafe WorkerReference($0)
    }
  }

  /// Runs it. When this function returns, an owned closure is destroyed, with everything that it holds.
  @inline(never)
  func perform() {
    switch body {
    case .borrowed(let words): unsafe skein_closure_call(words)
    case .owned(let closure):
      body = .released
      closure()
    case .released: fatal("a submission was performed twice")
    }
  }

  /// Marks it as done, and wakes the caller.
  func finish() {
    switch caller {
    case .worker(let worker):
      // Once it is done the caller may go on and its pool, which can be another one, may end: keep it alive for the
      // wake-up.
      unsafe withExtendedLifetime(worker.pool.owner) {
        done.store(true, ordering: .sequentiallyConsistent)
        worker.wakeFromWaiting()
      }
    case .thread:
      done.store(true, ordering: .sequentiallyConsistent)
      parker!.wake(.waiting)
    case .closure(let tell):
      done.store(true, ordering: .sequentiallyConsistent)
      tell()
    }
  }

  /// Blocks a thread outside any pool until the submission is done.
  func waitOutsidePools() { parker!.wait(with: patience) { isDone } }
}

extension Parker {
  /// Blocks a thread outside any pool until a condition holds; the thread that makes it true wakes this one from
  /// waiting.
  borrowing func wait(with patience: Patience = .ofCaller, until isDone: () -> Bool) {
    var vigil = Vigil(patience)
    while true {
      switch vigil.look(hasFound: isDone()) {
      case .goOn: return
      case .pause(let pause): pause.wait()
      case .announce:
        announce(.waiting)
        switch vigil.lastLook(hasFound: isDone()) {
        case .stayAwake: stayAwake()
        case .sleep:
          sleep(.waiting)
          vigil.wake()
        }
      }
    }
  }
}
