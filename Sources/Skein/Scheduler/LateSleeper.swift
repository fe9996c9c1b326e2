internal import CSkein
internal import Synchronization

// A sleeper that has been woken to look for work beside its waker, and the processor that it gets.
//
// Linux puts a thread that is woken into the queue of an idle processor, if there is one. In a virtual machine there may
// seem to be none: a processor that idles for long is taken away by the host, and so counts as *preempted*. Then the
// thread and its waker share one processor for milliseconds, while the other one idles until the kernel balances its
// queues. A loop of one millisecond after ten of idleness gained nothing from a second thread that way.
//
// So, where the environment asks for it, the sleeper moves if it finds itself on the processor of its waker; and if it
// does not even get that one soon, the waker yields it, when it is next asked for work. A thread moves itself only,
// before it runs anything of the user's and with all signals blocked; so no code of the user's sees that it may not run
// everywhere. Threads that somebody has bound to some of the processors stay where they are.

/// The processor that a worker is to leave when it is woken.
struct Placement: ~Copyable {
  /// The processor of the waker; -1 if the thread may as well run there.
  private let avoided = Atomic<Int32>(-1)

  /// How many processors there are; zero where threads are not moved: outside virtual machines, where none of this is
  /// needed, and unless the environment asks for it, since it changes what only the program's owner can judge: which
  /// processors threads may run on, and which system calls they make.
  static let processors =
    environmentVariable("SKEIN_MOVE") == "1" && skein_is_virtual_machine() ? ProcessorCount.online : 0

  /// Called by a waker before it wakes the thread.
  /// - Parameter isBetterElsewhere: Whether the waker goes on, and another processor may be idle.
  func prepare(isBetterElsewhere: Bool) {
    // Relaxed: the thread reads it after it has been woken.
    avoided.store(isBetterElsewhere ? skein_processor() : -1, ordering: .relaxed)
  }

  /// Called by the thread itself when it has been woken.
  func arrive() {
    let avoided = avoided.load(ordering: .relaxed)
    guard avoided >= 0, avoided == skein_processor(), !skein_is_filtered() else { return }
    // Otherwise no processor idles, and on another one this thread might have to wait for one of real time.
    guard skein_runnable_threads() <= Placement.processors else { return }
    skein_processor_leave(avoided, Int32(clamping: Placement.processors))
  }

  /// When a waker may yield again, in ticks.
  private static let nextYield = Atomic<UInt64>(0)

  /// Yields this processor to a woken thread, which may wait for it. If that takes long, all processors are busy, and
  /// another process had the turn; so no more than about a hundredth of the time is lost that way.
  static func yieldToWoken() {
    let start = ticks()
    // Relaxed: an estimate.
    if processors == 0 || start < nextYield.load(ordering: .relaxed) { return }
    yieldProcessor()
    let taken = ticks() &- start
    if taken > 500_000 { nextYield.store(start &+ 100 * taken, ordering: .relaxed) }
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

  /// Looks after the worker, and yields this processor if it is late: it may wait for this one.
  mutating func lookAfter() {
    guard let worker, ticks() &- since > Woken.patience else { return }
    self.worker = nil
    if worker.state.parker.isSent { Placement.yieldToWoken() }
  }
}
