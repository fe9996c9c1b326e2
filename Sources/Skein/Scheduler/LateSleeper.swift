internal import CSkein
internal import Synchronization

// A sleeper that has been woken to look for work beside its waker, and the processor that it gets.
//
// Linux puts a thread that is woken into the queue of an idle processor, if there is one. In a virtual machine there may
// seem to be none: a processor that idles for long is taken away by the host, and so counts as *preempted*. Then the
// thread and its waker share one processor for milliseconds, while the other one idles until the kernel balances its
// queues. A loop of one millisecond after ten of idleness gained nothing from a second thread that way.
//
// So the sleeper moves if it finds itself on the processor of its waker; and if it does not even get that one soon, the
// waker moves it, when it is next asked for work. Threads that somebody has bound to some of the processors stay where
// they are.

/// The processors on which a worker's thread may run when it has been woken.
struct Placement: ~Copyable {
  /// Zero before the thread has begun, and where threads cannot be moved.
  private let thread = Atomic<Int32>(0)
  /// Whether the waker has restricted the thread.
  private let isNarrowed = Atomic<Bool>(false)
  /// The processor of the waker; -1 if the thread may as well run there.
  private let avoided = Atomic<Int32>(-1)

  static let processors = ProcessorCount.online

  /// Called by the thread itself when it begins.
  func begin() { thread.store(skein_thread_number(), ordering: .relaxed) }

  /// Called by a waker before it wakes the thread.
  /// - Parameter isBetterElsewhere: Whether the waker goes on, and another processor may be idle.
  func prepare(isBetterElsewhere: @autoclosure () -> Bool) {
    // Relaxed: the thread reads it after it has been woken.
    avoided.store(isBetterElsewhere() ? skein_processor() : -1, ordering: .relaxed)
  }

  /// Called by the thread itself when it has been woken.
  func arrive() {
    let thread = thread.load(ordering: .relaxed)
    // Sequentially consistent: pairs with `move`. The thread has noted before that it is awake.
    let wasMoved = isNarrowed.load(ordering: .sequentiallyConsistent)
    if wasMoved { isNarrowed.store(false, ordering: .relaxed) }
    let avoided = avoided.load(ordering: .relaxed)
    if wasMoved || avoided >= 0 && avoided == skein_processor() && leaveHere(thread) { skein_affinity_reset(thread) }
  }

  /// Called by the waker to move the thread off its own processor.
  /// - Parameter isLate: Whether the thread still does not run.
  func move(ifStill isLate: () -> Bool) {
    let thread = thread.load(ordering: .relaxed)
    guard avoided.load(ordering: .relaxed) >= 0, leaveHere(thread) else { return }
    isNarrowed.store(true, ordering: .sequentiallyConsistent)
    // Either the thread sees that when it has noted that it is awake, or this sees that it has.
    if !isLate(), isNarrowed.exchange(false, ordering: .sequentiallyConsistent) { skein_affinity_reset(thread) }
  }

  private func leaveHere(_ thread: Int32) -> Bool {
    thread != 0 && skein_affinity_leave_here(thread, Int32(clamping: Placement.processors))
  }
}

/// The worker that another one has woken to look for work, until it has been looked after.
struct Woken {
  private var worker: WorkerReference?
  private var since: UInt64 = 0

  /// How long a woken thread may take until it runs, in ticks: most take less.
  private static var patience: UInt64 { 50_000 }

  init() {}
  init(_ worker: WorkerReference, since: UInt64) { (self.worker, self.since) = (worker, since) }

  /// Looks after the worker, and moves it if it is late.
  mutating func lookAfter() {
    guard let worker, ticks() &- since > Woken.patience else { return }
    self.worker = nil
    if worker.state.parker.isSent { worker.state.placement.move { worker.state.parker.isSent } }
  }
}
