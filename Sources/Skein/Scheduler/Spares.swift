internal import CSkein
internal import Synchronization

// Spare threads. A waiting frame has nothing on top of it but its own descendants; whatever else must run meanwhile
// runs on a thread of its own. `Waiting.md` explains when one is started, and why the bounds hold all the same.

/// The duty of a spare thread. The worker in whose place it works may continue with its own frames meanwhile, or run a
/// share of a call on each thread, but takes nothing from others.
enum SpareDuty {
  /// The calls that come into the inbox of a blocked worker, until there are none left.
  case mail(RunContext)
  /// One call in a standstill, which the spare has claimed.
  case call(Submission)
  /// Whatever a stand-in may begin, while a worker blocks.
  case standIn(Blockage)
}

/// A thread beside the pool's own ones.
///
/// SAFETY: `worker` is valid as long as the pool's state is.
final class Spare: Sendable {
  let worker: WorkerReference
  private let duty = Mutex<SpareDuty?>(nil)

  fileprivate init(_ worker: WorkerReference) { self.worker = worker }

  fileprivate func give(_ new: SpareDuty) {
    duty.withLock { $0 = new }
    worker.state.parker.wake()
  }

  fileprivate func takeDuty() -> SpareDuty? { duty.withLock { $0.take() } }

  fileprivate var hasDuty: Bool { duty.withLock { $0 != nil } }
}

/// The spare threads of a pool. They are started when needed, kept for a while, and reused. The list of their workers
/// includes those of guests.
///
/// SAFETY: workers are made under the lock, published with their number, and freed by the pool's owner.
@safe
struct Spares: ~Copyable {
  /// (Internal, since the 6.3 compiler loses a private type in a lock of a noncopyable one.)
  struct State {
    /// Threads without a duty.
    var idle: [Spare] = []
    /// Indices in the list of workers that have been made and have no thread.
    var vacant: [Int] = []
    /// The threads that have not ended, by index, to be waited for.
    var threads: [Int: SystemThread] = [:]
    /// Whether they will not be waited for.
    var isReleased = false
  }

  private static var layout: SegmentLayout { SegmentLayout(firstBits: 3, count: 9) }
  static var maximumCount: Int { layout.capacity }
  /// The lifetime of a thread without a duty, in nanoseconds.
  private static var idleTime: UInt64 { 2_000_000_000 }

  private let workers = SegmentedArray<Worker>(Spares.layout)
  private let made = Atomic<Int>(0)
  let state = Mutex(State())

  /// Called by the pool's owner, when no thread is left.
  func free() { workers.free(count: count) }

  /// The number of workers for spare threads and guests, with a thread or without.
  var count: Int { made.load(ordering: .acquiring) }  // pairs with `makeWorker`

  subscript(index: Int) -> WorkerReference { unsafe WorkerReference(workers.find(index)!) }

  /// Makes one more worker, for a spare thread or a guest; returns nil at the maximum number. Called under the lock.
  func makeWorker(_ role: Worker.Role, at position: Int, in pool: borrowing PoolCore) -> Int? {
    let index = made.load(ordering: .relaxed)  // written under the lock
    guard index < Spares.maximumCount else { return nil }
    let threadCount = pool.threadCount
    unsafe workers.make(index).initialize(
      to: Worker(
        index: threadCount + index, position: position, role: role, threadCount: threadCount,
        pool: pool.owner.address, largeRings: pool.owner.largeRings))
    made.store(index + 1, ordering: .releasing)
    return index
  }
}

// MARK: - Starting them

extension PoolCore {
  /// Has a spare thread serve the inbox of a blocked worker; returns false if the system refuses a thread.
  func startSpare(forMailOf context: RunContext) -> Bool {
    startSpare(at: context.position) { worker in
      // From now on, so that a worker that waits for the mail can be followed to the spare while its start handler
      // runs.
      context.serve(by: worker)
      lend(context.position)
      return .mail(context)
    } orElse: {
      context.serve(by: nil)
      takeBack(context.position)
    }
  }

  /// Keeps the worker at a position from taking anything from others while a spare thread works in its place.
  private func lend(_ position: Int) {
    workers[position].state.lent.add(1, ordering: .sequentiallyConsistent)
  }

  /// Undoes `lend`, when the spare thread is done.
  private func takeBack(_ position: Int) {
    workers[position].state.lent.subtract(1, ordering: .sequentiallyConsistent)
    workers[position].state.parker.wake()
  }

  /// Has a spare thread run a call that no other thread can begin, unless it has begun by now.
  ///
  /// - Parameter position: The position of a worker which sleeps in a wait. It takes nothing from others until the
  ///   spare is done.
  /// - Returns: Whether the call is being run now.
  func startSpare(for call: Submission, at position: Int) -> Bool {
    startSpare(at: position) { worker in
      guard call.claim(by: worker) else { return nil }
      lend(position)
      return .call(call)
    } orElse: {
      // A worker that came upon it meanwhile has dropped it. If it is still in its old place as well, its second claim
      // fails.
      call.unclaim()
      if let worker = call.worker { worker.give(call) } else { inject(call) }
      takeBack(position)
    }
  }

  /// Has a spare thread work in the place of a worker that is about to block; returns false if the system refuses a
  /// thread.
  func startStandIn(during blockage: Blockage, at position: Int) -> Bool {
    startSpare(at: position) { _ in
      lend(position)
      return .standIn(blockage)
    } orElse: {
      takeBack(position)
    }
  }

  /// - Parameters:
  ///   - duty: Returns the duty of the thread, once it is known which; nil if there is none.
  ///   - orElse: Called when the thread could not be started after `duty` was called.
  private func startSpare(
    at position: Int, _ duty: (WorkerReference) -> SpareDuty?, orElse undo: () -> Void
  ) -> Bool {
    spares.state.withLock { state in
      if let spare = state.idle.popLast() {
        guard let duty = duty(spare.worker) else {
          state.idle.append(spare)
          return true
        }
        spare.worker.position = position
        spare.give(duty)
        return true
      }
      guard let index = state.vacant.popLast() ?? spares.makeWorker(.spare, at: position, in: self) else {
        return false
      }
      let spare = Spare(spares[index])
      guard let duty = duty(spare.worker) else {
        state.vacant.append(index)
        return true
      }
      spare.worker.position = position
      spare.give(duty)
      do throws(SystemThread.Refusal) {
        let thread = try unsafe owner.startThread(of: spare.worker) { core in
          core.runSpare(spare)
        } atEnd: { core in
          core.spares.end(index, of: core.lifecycle)
        }
        if state.isReleased { thread.detach() } else { state.threads[index] = thread }
        return true
      } catch {
        state.vacant.append(index)
        undo()
        return false
      }
    }
  }

  /// The main function of a spare thread.
  private func runSpare(_ spare: Spare) {
    let worker = spare.worker
    while true {
      while let duty = spare.takeDuty() {
        switch duty {
        case .mail(let context):
          while let call = context.nextCall(for: worker) { worker.perform(.submission(call)) }
          takeBack(worker.position)
        case .call(let call):
          worker.perform(.submission(call))
          let stoodFor = workers[worker.position]
          // If one share of a worker could not begin, neither could its others.
          if call.worker != nil {
            while let share = stoodFor.takeShare(by: worker, where: { _ in true }) {
              worker.perform(.submission(share))
            }
          }
          takeBack(worker.position)
        case .standIn(let blockage):
          worker.standIn(during: blockage)
          takeBack(worker.position)
        }
        worker.state.forks.leaveLargeRings()
      }
      guard spares.waitForDuty(spare, of: lifecycle) else { return }
    }
  }

  /// Lets spare threads without a duty end, since the pool is over.
  func endSpares() { spares.wakeIdle() }

  /// Returns the threads that have not ended, to be waited for.
  func takeSpareThreads() -> [SystemThread] { spares.takeThreads() }
}

extension Spares {
  /// Waits until the spare has a duty; returns false if it must end.
  fileprivate func waitForDuty(_ spare: Spare, of lifecycle: borrowing Lifecycle) -> Bool {
    state.withLock { $0.idle.append(spare) }
    var vigil = Vigil()
    while true {
      switch vigil.look(hasFound: spare.hasDuty) {
      case .goOn: return true
      case .pause(let pause): pause.wait()
      case .announce:
        spare.worker.state.parker.announce(.blocked)
        var isWoken = true
        // The last look comes after the announcement, see *lost wake-up* in `Sleeping.md`.
        switch vigil.lastLook(hasFound: spare.hasDuty || lifecycle.isOver) {
        case .stayAwake:
          spare.worker.state.parker.stayAwake()
        case .sleep:
          isWoken = spare.worker.state.parker.sleep(.blocked, nanoseconds: Spares.idleTime) != nil
          if !isWoken { spare.worker.state.parker.stayAwake() }
          vigil.wake(byTime: !isWoken)
        }
        if isWoken && !lifecycle.isOver || spare.hasDuty { continue }
        // A listed thread has no duty, and gets none once it is off the list.
        let mayEnd = state.withLock { state in
          guard let place = state.idle.firstIndex(where: { $0 === spare }) else { return false }
          state.idle.remove(at: place)
          return true
        }
        if mayEnd { return false }
      }
    }
  }

  /// The last action of a spare thread.
  fileprivate func end(_ index: Int, of lifecycle: borrowing Lifecycle) {
    state.withLock { state in
      state.vacant.append(index)
      // When the pool is over, the thread may be waited for.
      if !lifecycle.isOver { state.threads.removeValue(forKey: index)?.detach() }
    }
  }

  fileprivate func wakeIdle() {
    state.withLock { state in
      for spare in state.idle { spare.worker.state.parker.wake() }
    }
  }

  fileprivate func takeThreads() -> [SystemThread] {
    state.withLock { state in
      state.isReleased = true
      defer { state.threads = [:] }
      return Array(state.threads.values)
    }
  }
}
