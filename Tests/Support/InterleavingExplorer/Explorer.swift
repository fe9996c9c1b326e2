package import SkeinDeque
import Synchronization

/// Runs a script through its schedules, one thread at a time, each access of a shared word a point to switch at.
///
/// Threads are threads of the system that hand a turn to each other. Only one explorer runs at a time.
///
/// SAFETY: everything is touched only by the thread that has the turn, which is handed over.
package final class Explorer: @unchecked Sendable {
  struct EarlyLoad: Hashable {
    let thread: Int
    let address: UInt
  }

  package struct Report: Sendable {
    package var executions = 0
    /// Schedules given up where they could lead to nothing new.
    package var redundant = 0
    /// Whether there was no other schedule left.
    package var isComplete = false
    package var failure: String?
    /// What the threads did in the execution that failed, access by access.
    package var trace: [String] = []
    /// The accesses that occurred, in weak memory or with a mutation.
    package var sites: Set<AccessSite> = []
  }

  /// What the word is called that is number `number` among `count` that were allocated at once.
  package typealias Naming = @Sendable (_ number: Int, _ count: Int) -> String

  // SAFETY: set by the test's thread under `lock` before any thread has a turn, and read by threads that have the turn.
  nonisolated(unsafe) static var current: Explorer?
  private static let lock = SystemLock()

  var schedule: Schedule
  private var accesses: [Access?] = []
  private var turns: [Turn] = []
  private let over = Turn()
  private var bodies: [() -> Void] = []
  var running = -1
  private var steps = 0
  private var writes = 0
  /// By each thread; and how many by others it has seen when it last waited.
  private var ownWrites: [Int] = []
  private var seenWrites: [Int] = []
  var failure: String?
  var isRedundant = false
  var allocated: [UInt: Int] = [:]
  var freed: [UInt: Int] = [:]

  /// Who sleeps on which word, and which locks are held.
  var sleepers: [UInt: [Int]] = [:]
  var held: Set<UInt> = []
  private var mayTrap = false
  private(set) var timePasses = false
  /// What each thread found at a word when it made the load that is made too early.
  var earlier: [EarlyLoad: Int] = [:]

  /// Whether accesses are written down.
  private(set) var isTracing = false
  var trace: [String] = []

  private let brokenRule: Rule?
  let mutation: Mutation?
  let naming: Naming?
  let isWeak: Bool
  var memory = WeakMemory(threadCount: 0)
  var sites: Set<AccessSite> = []
  /// Whether a thread's last load gave an old value, and whether it has waited since.
  var isStale: [Bool] = []
  var hasWaited: [Bool] = []

  private init(preemptionBound: Int?, brokenRule: Rule?, mutation: Mutation?, isWeak: Bool, naming: Naming?) {
    schedule = Schedule(preemptionBound: preemptionBound)
    self.brokenRule = brokenRule
    self.mutation = mutation
    self.isWeak = isWeak
    self.naming = naming
  }

  /// Runs `make`'s executions until one fails, the search is complete, or there were `limit`.
  ///
  /// - Parameters:
  ///   - rule: A rule of the algorithms that is not kept.
  ///   - mutation: A mistake that is made; if it is that an order is missing, memory is weak.
  ///   - weak: Whether loads may give older values, as their memory orders allow.
  package static func explore(
    preemptionBound: Int? = nil, breaking rule: Rule? = nil, with mutation: Mutation? = nil, weak: Bool = false,
    limit: Int = 200_000, naming name: Naming? = nil, _ make: @escaping @Sendable () -> Execution
  ) -> Report {
    var isWeak = weak
    if case .misses = mutation?.change { isWeak = true }
    return lock.withLock {
      let explorer = Explorer(
        preemptionBound: preemptionBound, brokenRule: rule, mutation: mutation, isWeak: isWeak, naming: name)
      unsafe current = explorer
      defer { unsafe current = nil }
      let report = Mutex(Report())
      // On a thread of its own, whose processor the threads it starts inherit: a turn is handed on without waking another.
      Threads.run(1) { _ in
        Threads.stayOnOneProcessor()
        report.withLock { $0 = explorer.run(limit: limit, make) }
      }
      guard report.withLock({ $0.failure }) != nil else { return report.withLock { $0 } }
      // Once more, with another explorer: the threads of this one may hang for good.
      let again = Explorer(
        preemptionBound: preemptionBound, brokenRule: rule, mutation: mutation, isWeak: isWeak, naming: name)
      again.isTracing = true
      again.schedule = explorer.schedule
      unsafe current = again
      Threads.run(1) { _ in
        Threads.stayOnOneProcessor()
        let run = again.run(limit: 1, make)
        report.withLock { $0.trace = run.trace }
      }
      return report.withLock { $0 }
    }
  }

  /// Whether the algorithms of `SkeinDeque` keep a rule, as they do but for tests of the tests.
  static func keeps(_ rule: Rule) -> Bool { unsafe current?.brokenRule != rule }

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
    report.trace = trace
    if failure == nil { for turn in turns { turn.signal() } }
    return report
  }

  private func runOnce(_ make: () -> Execution) -> String? {
    (failure, isRedundant, steps, writes) = (nil, false, 0, 0)
    (sleepers, held) = ([:], [])
    var execution = make()
    (mayTrap, timePasses, earlier) = (execution.mayTrap, execution.timePasses, [:])
    accesses = execution.threads.map { _ in Access(address: 0, kind: .begin) }
    seenWrites = Array(repeating: 0, count: accesses.count)
    ownWrites = seenWrites
    memory = WeakMemory(threadCount: accesses.count)
    isStale = Array(repeating: false, count: accesses.count)
    hasWaited = isStale
    bodies = execution.threads
    makeThreads()
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

  private func makeThreads() {
    while turns.count < bodies.count {
      turns.append(Turn())
      startThread(at: turns.count - 1)
    }
  }

  /// Starts one more thread of the script, from one of its threads.
  /// - Returns: Its number; nil if no script runs.
  package static func start(_ body: @escaping () -> Void) -> Int? {
    guard let explorer = active else { return nil }
    explorer.bodies.append(body)
    explorer.accesses.append(Access(address: 0, kind: .begin))
    explorer.seenWrites.append(0)
    explorer.ownWrites.append(0)
    explorer.isStale.append(false)
    explorer.hasWaited.append(false)
    explorer.memory.addThread(startedBy: explorer.running)
    explorer.makeThreads()
    return explorer.bodies.count - 1
  }

  /// Waits until a thread of the script has ended.
  package static func join(_ thread: Int) {
    guard let explorer = active else { return }
    step(Access(address: UInt(thread), kind: .join))
    explorer.memory.join(thread, by: explorer.running)
  }

  private func startThread(at index: Int) {
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
      if isStale[thread] { seenWrites[thread] = -1 }
      hasWaited[thread] = true
    }
    if !freed.isEmpty, freed.contains(where: { access.overlaps($0.key, byteCount: $0.value) }) {
      stop("freed memory was used")
    }
    steps += 1
    if steps > 10_000 { stop("it does not end") }
    handTurnOn(from: thread)
    if access.isWrite {
      writes += 1
      ownWrites[thread] += 1
    }
    // What others write from now on, the thread may not see before it waits again.
    if access.kind == .wait { seenWrites[thread] = writes - ownWrites[thread] }
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
      let isEnabled =
        switch access.kind {
        case .wait: writes - ownWrites[index] > seenWrites[index]
        case .lock: !held.contains(access.address)
        case .sleep: !isAsleep(index, at: access.address)
        case .sleepForTime: true
        case .join: accesses[Int(access.address)] == nil
        case .begin, .read, .write: true
        }
      if isEnabled { enabled |= 1 << index }
    }
    // To let another thread go while this one sleeps is no interruption, though time may wake it at once.
    let isPastItsTime =
      running >= 0 && accesses[running].map { $0.kind == .sleepForTime && isAsleep(running, at: $0.address) } ?? false
    let next: Int
    if isRedundant {
      // Nothing is learned from the rest; it only has to end.
      if enabled == 0 { stop("all threads wait for each other") }
      next = enabled.trailingZeroBitCount
    } else {
      switch schedule.decide(accesses: accesses, enabled: enabled, running: isPastItsTime ? nil : running) {
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

  private func isAsleep(_ thread: Int, at address: UInt) -> Bool { sleepers[address]?.contains(thread) == true }

  /// Ends the thread of a script, or the exploration if it may not trap.
  package static func trap(_ message: String) -> Never {
    guard let explorer = unsafe current, explorer.running >= 0 else { fatalError(message) }
    if !explorer.mayTrap { explorer.stop("trapped: \(message)") }
    let thread = explorer.running
    explorer.accesses[thread] = nil
    explorer.turns[thread] = Turn()
    explorer.startThread(at: thread)
    explorer.handTurnOn(from: nil)
    while true { Turn().wait() }
  }

  /// Says that something is wrong at this moment, whatever comes later.
  package static func fail(_ reason: String) {
    guard let explorer = unsafe current, explorer.running >= 0 else { return }
    explorer.stop(reason)
  }

  /// Ends the exploration: the threads stay where they are, for good.
  func stop(_ reason: String) -> Never {
    failure = reason
    running = -1
    _ = unsafe Unmanaged.passRetained(self)
    over.signal()
    while true { Turn().wait() }
  }
}
