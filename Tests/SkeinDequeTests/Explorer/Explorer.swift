import Dispatch
import SkeinDeque
import Synchronization

/// One run of a script: threads that use shared words, and a look at the outcome.
struct Execution {
  var threads: [() -> Void]
  /// What is wrong in the end, if anything; runs after all threads, unscheduled.
  var check: () -> String?
}

/// Runs a script through its schedules, one thread at a time, each access of a shared word a point to switch at.
///
/// Threads are threads of the system that hand a turn to each other. Only one explorer runs at a time.
///
/// SAFETY: everything is touched only by the thread that has the turn, which semaphores hand over.
final class Explorer: @unchecked Sendable {
  struct Report: Sendable {
    var executions = 0
    /// Schedules given up where they could lead to nothing new.
    var redundant = 0
    /// Whether there was no other schedule left.
    var isComplete = false
    var failure: String?
    /// The accesses that occurred; in weak memory only.
    var sites: Set<AccessSite> = []
  }

  // SAFETY: set by the test's thread under `lock` before any thread has a turn, and read by threads that have the turn.
  nonisolated(unsafe) private static var current: Explorer?
  nonisolated(unsafe) private(set) static var brokenRule: Rule?
  // SAFETY: as above.
  nonisolated(unsafe) private static var weakening: Weakening?
  private static let lock = SystemLock()

  private var schedule: Schedule
  private var accesses: [Access?] = []
  private var turns: [DispatchSemaphore] = []
  private let over = DispatchSemaphore(value: 0)
  private var bodies: [() -> Void] = []
  private var running = -1
  private var steps = 0
  private var writes = 0
  private var seenWrites: [Int] = []
  private var failure: String?
  private var isRedundant = false
  private var isStopped = false
  private var allocated: [UInt: Int] = [:]
  private var freed: [UInt: Int] = [:]

  private let isWeak: Bool
  private var memory = WeakMemory(threadCount: 0)
  private var sites: Set<AccessSite> = []
  /// Whether a thread's last load gave an old value, and whether it has waited since.
  private var isStale: [Bool] = []
  private var hasWaited: [Bool] = []

  private init(preemptionBound: Int?, isWeak: Bool) {
    schedule = Schedule(preemptionBound: preemptionBound)
    self.isWeak = isWeak
  }

  /// Runs `make`'s executions until one fails, the search is complete, or there were `limit`.
  ///
  /// - Parameters:
  ///   - rule: a rule of the algorithms that is not kept.
  ///   - weak: whether loads may give older values, as their memory orders allow.
  ///   - weakening: a memory order that is missing.
  static func explore(
    preemptionBound: Int? = nil, breaking rule: Rule? = nil, weak: Bool = false, missing weakening: Weakening? = nil,
    limit: Int = 200_000,
    _ make: @escaping @Sendable () -> Execution
  ) -> Report {
    lock.withLock {
      let explorer = Explorer(preemptionBound: preemptionBound, isWeak: weak || weakening != nil)
      unsafe current = explorer
      unsafe brokenRule = rule
      unsafe self.weakening = weakening
      defer { unsafe (current, brokenRule, self.weakening) = (nil, nil, nil) }
      let report = Mutex(Report())
      // On a thread of its own, whose processor the threads it starts inherit: a turn is handed on without waking another.
      Threads.run(1) { _ in
        Threads.stayOnOneProcessor()
        report.withLock { $0 = explorer.run(limit: limit, make) }
      }
      return report.withLock { $0 }
    }
  }

  private func run(limit: Int, _ make: () -> Execution) -> Report {
    var report = Report()
    repeat {
      schedule.restart()
      let failure = runOnce(make)
      if isRedundant { report.redundant += 1 } else { report.executions += 1 }
      if let failure {
        report.failure = "\(failure), in execution \(report.executions), schedule \(schedule.trace)"
        break
      }
      report.isComplete = !schedule.advance()
    } while !report.isComplete && report.executions < limit
    bodies = []
    report.sites = sites
    if failure == nil { for turn in turns { turn.signal() } }
    return report
  }

  private func runOnce(_ make: () -> Execution) -> String? {
    (failure, isRedundant, steps, writes) = (nil, false, 0, 0)
    var execution = make()
    accesses = execution.threads.map { _ in Access(address: 0, kind: .begin) }
    seenWrites = Array(repeating: 0, count: accesses.count)
    memory = WeakMemory(threadCount: accesses.count)
    isStale = Array(repeating: false, count: accesses.count)
    hasWaited = isStale
    bodies = execution.threads
    while turns.count < bodies.count { addThread() }
    handTurnOn(from: nil)
    over.wait()
    if failure != nil { return failure }
    var problem: String?
    if !isRedundant { problem = execution.check() }
    // The script's objects go, and must have freed what they had.
    execution = Execution(threads: [], check: { nil })
    bodies = []
    if problem == nil, !isRedundant, failure == nil, !allocated.isEmpty { problem = "memory was not freed" }
    for address in allocated.keys { unsafe UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
    for address in freed.keys { unsafe UnsafeMutableRawPointer(bitPattern: address)?.deallocate() }
    allocated = [:]
    freed = [:]
    return problem ?? failure
  }

  private func addThread() {
    let index = turns.count
    turns.append(DispatchSemaphore(value: 0))
    let turn = turns[index]
    Threads.detach { [self] in
      while true {
        turn.wait()
        guard index < bodies.count else { return }
        bodies[index]()
        accesses[index] = nil
        handTurnOn(from: nil)
      }
    }
  }

  // MARK: Turns

  static func step(_ access: Access) {
    guard let explorer = unsafe current, explorer.running >= 0 else { return }
    explorer.step(access)
  }

  private func step(_ access: Access) {
    let thread = running
    accesses[thread] = access
    if access.kind == .wait {
      // Who read an old value sees the latest in the end, without another write.
      seenWrites[thread] = isStale[thread] ? writes - 1 : writes
      hasWaited[thread] = true
    }
    if !freed.isEmpty, freed.contains(where: { access.overlaps($0.key, byteCount: $0.value) }) {
      stop("freed memory was used")
    }
    steps += 1
    if steps > 3000 { stop("it does not end") }
    handTurnOn(from: thread)
    if access.kind == .write { writes += 1 }
  }

  /// Lets the next thread go: the caller, if `thread` is chosen again, otherwise another one while the caller waits.
  private func handTurnOn(from thread: Int?) {
    guard accesses.contains(where: { $0 != nil }) else {
      running = -1
      over.signal()
      return
    }
    var enabled: UInt32 = 0
    for (index, access) in accesses.enumerated() {
      guard let access else { continue }
      if access.kind != .wait || writes > seenWrites[index] { enabled |= 1 << index }
    }
    let next: Int
    if isRedundant {
      // Nothing is learned from the rest; it only has to end.
      if enabled == 0 { stop("all threads wait for each other") }
      next = enabled.trailingZeroBitCount
    } else {
      switch schedule.decide(accesses: accesses, enabled: enabled, running: running) {
      case .thread(let chosen): next = chosen
      case .redundant:
        isRedundant = true
        next = enabled.trailingZeroBitCount
      case .deadlock: stop("all threads wait for each other")
      }
    }
    running = next
    if next == thread { return }
    turns[next].signal()
    if let thread { turns[thread].wait() }
  }

  /// Ends the exploration: the threads stay where they are, for good.
  private func stop(_ reason: String) -> Never {
    failure = reason
    running = -1
    _ = unsafe Unmanaged.passRetained(self)
    over.signal()
    while true { DispatchSemaphore(value: 0).wait() }
  }

  // MARK: Weak memory

  /// The explorer in whose weak memory the caller, a thread of a script, accesses a word; and what that access orders.
  private static func weak(_ address: UInt, _ method: AccessSite.Method) -> (Explorer, MemoryOrder)? {
    guard let explorer = unsafe current, explorer.isWeak, explorer.running >= 0 else { return nil }
    let site = explorer.site(address, method)
    explorer.sites.insert(site)
    guard let weakening = unsafe weakening, weakening.site == site else { return (explorer, method.order) }
    return (explorer, method.order.subtracting(weakening.missing))
  }

  private func site(_ address: UInt, _ method: AccessSite.Method) -> AccessSite {
    for (start, byteCount) in allocated where start <= address && address < start + UInt(byteCount) {
      let role = AccessSite.role(ofWord: Int(address - start) / 8, amongWords: byteCount / 8)
      return AccessSite(role: role, method: method)
    }
    return AccessSite(role: .cell, method: method)
  }

  static func load(_ address: UInt, latest: Int, _ method: AccessSite.Method) -> Int {
    guard let (explorer, order) = weak(address, method) else { return latest }
    let thread = explorer.running
    var isStale = false
    let value = explorer.memory.load(address, latest: latest, order, by: thread) { count in
      if explorer.isRedundant || explorer.hasWaited[thread] { return 0 }
      let choice = explorer.schedule.choose(count)
      isStale = choice > 0
      return choice
    }
    explorer.hasWaited[thread] = false
    explorer.isStale[thread] = isStale
    return value
  }

  static func isLastReference() {
    guard let explorer = unsafe current, explorer.isWeak, explorer.running >= 0 else { return }
    explorer.memory.seeEverything(by: explorer.running)
  }

  static func didStore(_ address: UInt, before: Int, after: Int, _ method: AccessSite.Method) {
    guard let (explorer, order) = weak(address, method) else { return }
    explorer.memory.store(address, before: before, after: after, order, by: explorer.running)
  }

  static func didUpdate(_ address: UInt, before: Int, after: Int?, _ method: AccessSite.Method) {
    guard let (explorer, order) = weak(address, method) else { return }
    explorer.memory.update(address, before: before, after: after, order, by: explorer.running)
  }

  // MARK: Memory

  static func didAllocate(_ address: UInt, byteCount: Int) {
    guard let explorer = unsafe current else { return }
    explorer.allocated[address] = byteCount
  }

  static func size(of address: UInt) -> Int { unsafe current?.allocated[address] ?? 8 }

  static func didFree(_ address: UInt) {
    guard let explorer = unsafe current else { return }
    guard let byteCount = explorer.allocated.removeValue(forKey: address) else {
      if explorer.running >= 0 { explorer.stop("memory was freed twice") }
      explorer.failure = "memory was freed twice"
      return
    }
    explorer.freed[address] = byteCount
  }
}
