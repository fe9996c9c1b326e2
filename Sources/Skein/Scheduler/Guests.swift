internal import CSkein
internal import Synchronization

// Guests: threads outside any pool that make a parallel call. Such a thread does not sleep while others work for it. It
// takes the place of one of the shared pool's workers and makes the call itself, as that worker would: on its own
// stack, with a deque of its own, from which others may steal. `Waiting.md` explains why the bounds hold.
//
// While a guest is there, its host, the worker in whose place it works, takes nothing from others but calls, detached
// closures and tasks of scopes for which no worker waits. So no more than P threads have iterations of one loop open.
// If the host is in the middle of something, it continues with that.

/// The word in which a worker keeps its guest: the address of the guests' worker, which is made for the first of them,
/// and whether a guest is there.
private struct GuestPlace {
  let word: UInt

  init(_ word: UInt) { self.word = word }

  var isTaken: Bool { word & 1 == 1 }
  /// SAFETY: workers of guests are freed with their pool.
  var worker: WorkerReference? {
    unsafe UnsafeMutablePointer(bitPattern: word & ~1).map { unsafe WorkerReference($0) }
  }
}

extension WorkerReference {
  /// Whether this worker may take jobs and tasks that it does not wait for: no guest works in its place. (Under
  /// `.anyWork` it always may.)
  ///
  /// Read after the job: a worker that sees a job which descends from the guest's call sees the guest.
  var mayTakeFromOthers: Bool {
    !GuestPlace(state.guest.load(ordering: .sequentiallyConsistent)).isTaken
      || pool.waitPolicy == .anyWork
  }
}

// MARK: - Coming and going

extension WorkerReference {
  /// Gives the place back at the end of the guest's call.
  @usableFromInline
  @inline(never)
  func leaveAsGuest() {
    noteCall()
    skein_worker_set(nil)
    state.forks.leaveLargeRings()
    let pool = unsafe state.pool
    // Gives the place back with everything that this thread has done to the worker: pairs with `takePlace`; before the
    // check below.
    unsafe pool.pointee.workers[position].state.guest.store(
      UInt(bitPattern: pointer), ordering: .sequentiallyConsistent)
    if unsafe pool.pointee.sleep.hasPassedOver { unsafe pool.pointee.wakePassedOver() }
  }

  /// Takes this worker's place for a guest; returns nil if there is one.
  fileprivate func takePlace() -> WorkerReference? {
    let place = GuestPlace(state.guest.load(ordering: .relaxed))
    if place.isTaken { return nil }
    guard let guest = place.worker ?? pool.makeGuest(of: self) else { return nil }
    let word = UInt(bitPattern: unsafe guest.pointer)
    return state.guest.compareExchange(
      expected: word, desired: word | 1, ordering: .sequentiallyConsistent
    ).exchanged ? guest : nil
  }
}

extension PoolCore {
  /// The maximum number of guests at once, in a pool with as many threads.
  static var mostGuests: Int { 64 }

  /// The stack that a thread must have left to become a guest: half of what the pool's own threads start with, and
  /// enough for every algorithm. A pool whose threads are prepared by a handler has no guests, since these would not
  /// be.
  static func leastStackOfGuests(in configuration: PoolSettings) -> Int {
    configuration.onThreadStart == nil ? max(SystemThread.minimumStackSize, configuration.stackSize / 2) : .max
  }

  /// Makes the calling thread, which is outside any pool, a guest of this one, if there is a place, and the thread has
  /// enough stack.
  /// - Parameter site: The place of the call in the program, if the guest is to be patient where such calls are short.
  func takeCallerAsGuest(at site: UInt?) -> WorkerReference? {
    let thread = unsafe skein_thread_here()
    guard let guest = unsafe takeGuest(on: thread) else { return nil }
    if unsafe !thread.pointee.has_view {
      unsafe thread.pointee.view = TaskLocalPlace.ofThisThread.view
      unsafe thread.pointee.has_view = true
    }
    unsafe guest.state.place = TaskLocalPlace(thread.pointee.view)
    unsafe guest.state.knownTask = guest.state.place.task
    guest.state.patience = site.map { .unbegun(site: $0) } ?? .none
    unsafe skein_worker_set(UnsafeMutableRawPointer(guest.pointer))
    return guest
  }

  /// Takes the worker of a guest whose thread is `thread`, in the place that it had last time, or in another one near
  /// it: only a few are tried, since with so many guests there is enough to do for all threads.
  private borrowing func takeGuest(on thread: UnsafeMutablePointer<skein_thread>) -> WorkerReference? {
    guard unsafe skein_stack_left(thread) >= leastStackOfGuests else { return nil }
    let places = min(threadCount, PoolCore.mostGuests)
    var place = unsafe Int(thread.pointee.place)
    for _ in 0..<min(places, 4) {
      if place >= places { place = 0 }
      if let guest = workers[place].takePlace() {
        unsafe thread.pointee.place = UInt32(truncatingIfNeeded: place)
        return guest
      }
      place += 1
    }
    return nil
  }

  /// Makes the worker of a host's guests, unless it exists already.
  fileprivate func makeGuest(of host: WorkerReference) -> WorkerReference? {
    spares.state.withLock { _ in
      if let guest = GuestPlace(host.state.guest.load(ordering: .acquiring)).worker {
        return guest
      }
      guard let index = spares.makeWorker(.guest, at: host.index, in: self) else { return nil }
      let guest = spares[index]
      unsafe host.state.guest.store(UInt(bitPattern: guest.pointer), ordering: .releasing)
      return guest
    }
  }

  /// Called when a place has become free, and work was exposed meanwhile for which only hosts could have been woken.
  fileprivate func wakePassedOver() {
    sleep.forgetPassedOver()
    if hasWorkForFree() { wakeFreeWorker() }
  }
}

// MARK: - Patience
//
// Waking a sleeper costs a hundred times as much as a very short call. How long a call takes is not known before; but
// calls from one place in the program tend to be alike. So a call from a place where the last few were short wakes no
// worker before it has lasted for some time, if a watcher is there (see `Sleep`). (After Acar, Charguéraud & Rainey,
// see `ShortLoops`.)

/// The progress of a guest's call.
enum CallPatience {
  /// It is not timed.
  case none
  /// Nothing has been forked in the call at this place.
  case unbegun(site: UInt)
  /// It does not wake others yet. The time is that of the first fork, or an earlier one if `isExact` is false: that
  /// saves a reading of the clock, which costs as much as the call.
  case patient(site: UInt, since: UInt64, isExact: Bool)
  /// It wakes others as any worker does.
  case open(site: UInt, since: UInt64)

  /// How many calls in a row must have been short at a place for the next one to be patient.
  static var shortCalls: UInt8 { 8 }
}

extension WorkerReference {
  /// Whether to expose jobs without waking a worker, if there is a watcher. (A worker that looks for work sees them
  /// anyway.)
  var isPatient: Bool { role == .guest && isPatientAsGuest() }

  private func isPatientAsGuest() -> Bool {
    pool.sleep.noteCall()
    switch state.patience {
    case .none, .open: return false
    case .unbegun(let site):
      guard state.shortLoops.contains(site, times: CallPatience.shortCalls) else {
        unsafe state.patience = .open(site: site, since: look())
        return false
      }
      let isExact = state.timesNextCall
      let start = isExact ? look() : lookedAt
      unsafe state.patience = .patient(site: site, since: start, isExact: isExact)
      return true
    case .patient(let site, let start, let isExact):
      let now = look()
      if now &- start < WorkerReference.worthWaking { return true }
      unsafe state.patience =
        isExact ? .open(site: site, since: start) : .patient(site: site, since: now, isExact: true)
      return !isExact
    }
  }

  /// Notes that this worker has woken another one, which it looks after; and does not count the time that this took, or
  /// every call that wakes one would count as long.
  func noteWaking(of worker: WorkerReference, since start: UInt64) {
    let now = ticks()
    state.woken = Woken(worker, since: now)
    if case .open(let site, let since) = state.patience {
      unsafe state.patience = .open(site: site, since: since &+ (now &- start))
    }
  }

  /// Records how long the call took, if it has forked.
  private func noteCall() {
    func isShort(since start: UInt64) -> Bool { look() &- start < WorkerReference.worthWaking }
    switch state.patience {
    case .none, .unbegun: return
    case .open(let site, let start): state.shortLoops.note(site, isShort: isShort(since: start))
    case .patient(let site, let start, let isExact):
      let isShort = isShort(since: start)
      // If the time since before the call was short, so was the call.
      let isKnown = isExact || isShort
      if isKnown { state.shortLoops.note(site, isShort: isShort) }
      state.timesNextCall = !isKnown
    }
  }
}
