internal import CSkein
internal import Synchronization

/// The reason why a pool's threads could not be started, and how many had been by then.
struct StartRefusal: Error {
  let started: Int
  let reason: String
}

extension PoolOwner {
  /// Starts all threads, or none: when the system refuses one, those already started end again before the error is thrown.
  func startThreads() throws(StartRefusal) {
    for worker in core.workers {
      do throws(SystemThread.Refusal) {
        let thread = try startThread(of: worker) { core in core.runWorker(worker) }
        threads.withLock { $0.append(thread) }
      } catch {
        core.close()
        for thread in takeThreads() { thread.join() }
        throw StartRefusal(started: worker.index, reason: error.reason)
      }
    }
  }

  /// Starts a thread of this pool.
  ///
  /// The handlers run while the thread is a worker: parallel calls that they make stay in the pool.
  /// - Parameter atEnd: Called when the thread is no longer a worker.
  func startThread(
    of worker: WorkerReference, _ body: @escaping @Sendable (borrowing PoolCore) -> Void,
    atEnd: @escaping @Sendable (borrowing PoolCore) -> Void = { _ in }
  ) throws(SystemThread.Refusal) -> SystemThread {
    let position = worker.position
    core.threadsLeft.add(1, ordering: .relaxed)
    do throws(SystemThread.Refusal) {
      return try SystemThread(
        name: threadNames[position], stackSize: configuration.stackSize
      ) { [self] in
        if let set = configuration.affinity { pinCurrentThread(to: set[position % set.count]) }
        unsafe skein_worker_set(UnsafeMutableRawPointer(worker.pointer))
        worker.state.place = .ofThisThread
        configuration.onThreadStart?(position)
        body(core)
        configuration.onThreadExit?(position)
        skein_worker_set(nil)
        // Read by the search for a standstill.
        worker.state.hasEnded.store(true, ordering: .sequentiallyConsistent)
        atEnd(core)
        core.noteThreadEnd()
      }
    } catch {
      core.noteThreadEnd()
      throw error
    }
  }

  /// Returns the pool's own threads, to the first caller.
  func takeOwnThreads() -> [SystemThread] {
    threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
  }

  /// Returns all threads, to the first caller.
  func takeThreads() -> [SystemThread] { takeOwnThreads() + core.takeSpareThreads() }
}

extension PoolCore {
  /// Accepts no more work from outside; the threads end when the accepted work is finished.
  func close() {
    if lifecycle.close() { wakeEverybody() }
  }

  /// Whether all threads have ended, except for a few instructions.
  var hasEnded: Bool { threadsLeft.load(ordering: .sequentiallyConsistent) == 0 }  // pairs with `noteThreadEnd`

  func noteThreadEnd() {
    guard threadsLeft.subtract(1, ordering: .sequentiallyConsistent).newValue == 0 else { return }
    // A listed worker stays in its wait while the lock is held.
    waitingForEnd.withLock { waiters in for waiter in waiters { waiter.wakeFromWaiting() } }
    for waiter in outsidersWaitingForEnd.withLock({ $0 }) { waiter.parker.wake(.waiting) }
  }

  /// Blocks a thread outside any pool until all threads have ended.
  func waitForEndOutsidePools() {
    let waiter = EndOfPool()
    outsidersWaitingForEnd.withLock { $0.append(waiter) }
    waiter.parker.wait { hasEnded }
  }
}
