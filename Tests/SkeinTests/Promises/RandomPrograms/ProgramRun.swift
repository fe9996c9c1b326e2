import Skein
import Synchronization

/// A scope's handle, of either kind.
enum ProgramScope: Sendable {
  case plain(ParallelScope<Never>)
  case throwing(ParallelScope<any Error>)

  func spawn(_ body: @escaping @Sendable () -> Void) {
    switch self {
    case .plain(let scope): scope.spawn(body)
    case .throwing(let scope): scope.spawn { body() }
    }
  }

  func spawnOnEachThread(_ body: @escaping @Sendable (Int) -> Void) {
    switch self {
    case .plain(let scope): scope.spawnOnEachThread(body)
    case .throwing(let scope): scope.spawnOnEachThread { body($0) }
    }
  }
}

/// Where an execution of a step stands.
struct ProgramScene: Sendable {
  let frame: ProgramFrame
  /// The enclosing scopes with who waits for each and what its tasks give, the innermost last.
  var scopes: [(handle: ProgramScope, opener: ProgramFrame, sum: Sum)] = []

  final class Sum: Sendable {
    private let sum = Atomic(0)
    func add(_ number: Int) { sum.wrappingAdd(number, ordering: .sequentiallyConsistent) }
    var value: Int { sum.load(ordering: .sequentiallyConsistent) }
  }
}

/// One run of a random program: its pools, its locks, and what has been seen.
final class ProgramRun: Sendable {
  let program: RandomProgram
  let pools: [ThreadPool]
  let locks: [Lock]
  let local = WorkerLocal { 0 }
  let begun: Marks
  let ended: Marks
  let detachedSum = ProgramScene.Sum()
  private let openDetached = Counter()
  /// Whether a call may start on top of a frame that does not wait for it.
  private let allowsStandstill: Bool
  private let faults = Mutex<[String]>([])

  /// A `Mutex` that can stand in an array.
  final class Lock: Sendable { let mutex = Mutex(0) }

  init(_ program: RandomProgram, allowsStandstill: Bool = false) throws(ThreadPoolError) {
    self.allowsStandstill = allowsStandstill
    self.program = program
    var pools: [ThreadPool] = []
    for threads in program.pools { pools.append(try Self.makePool(threads, program.policy)) }
    self.pools = pools
    locks = (0..<program.lockCount).map { _ in Lock() }
    begun = Marks(program.stepCount)
    ended = Marks(program.stepCount)
  }

  static func makePool(_ threads: Int, _ policy: ThreadPool.WaitPolicy) throws(ThreadPoolError) -> ThreadPool {
    try ThreadPool(
      ThreadPool.Configuration(
        threadCount: threads, stackSize: policy == .anyWork ? 64 << 20 : 8 << 20, waitPolicy: policy))
  }

  /// Notes that something is not as it must be.
  func fail(_ step: Int, _ fault: String) { faults.withLock { $0.append("step \(step): \(fault)") } }

  /// Runs the program and everything that it detaches.
  /// - Returns: What was wrong.
  func run() -> [String] {
    let expected = SequentialRun(program, sharedThreads: ThreadPool.shared.threadCount)
    let ready = Counter()
    let callers = program.callers.count
    OutsideThread.run(callers) { [self] index in
      ready.add()
      while program.startsTogether, ready.value < callers { yieldThread() }
      let step = program.callers[index]
      let result = inFrame(step.id, under: nil) { execute(step, ProgramScene(frame: $0)) }
      if result != expected.results[index] { fail(step.id, "gave \(result), not \(expected.results[index])") }
    }
    while openDetached.value > 0 { sleep(for: .microseconds(20)) }
    for pool in pools { pool.shutdown() }
    if let sum = expected.detached, sum != detachedSum.value {
      faults.withLock { $0.append("detached closures gave \(detachedSum.value), not \(sum)") }
    }
    for step in 0..<program.stepCount {
      let (began, end) = (begun.count(step), ended.count(step))
      if began != end || began < expected.least[step] || began > expected.most[step] {
        fail(step, "begun \(began), ended \(end), expected \(expected.least[step]) to \(expected.most[step])")
      }
    }
    return faults.withLock { $0 }
  }

  /// The program, with how often each step has begun and how often it has not ended.
  var state: String {
    program.description { step in
      let (began, end) = (begun.count(step.id), ended.count(step.id))
      return "  [begun \(began)" + (began > end ? ", OPEN \(began - end)]" : "]")
    } + faults.withLock { $0.map { "\n" + $0 }.joined() }
  }

  // MARK: - Frames

  /// Runs what the library was asked to run, in a frame of its own.
  func inFrame<Result, Failure: Error>(
    _ step: Int, under parent: ProgramFrame?, isShare: Bool = false, _ body: (ProgramFrame) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let below = TopFrame.current
    let frame = ProgramFrame(step, under: parent)
    if let below {
      if parent == nil {
        // `.anyWork` takes anything.
        if boundsIterations { fail(step, "nobody waits for it, and it is on top of a frame of step \(below.step)") }
      } else if runsOwnWorkOnly, !isShare, !frame.descends(from: below) {
        // A share may run on top of any wait that depends on it, through other workers.
        fail(step, "on top of a frame of step \(below.step), which does not wait for it")
      }
    }
    TopFrame.current = frame
    defer {
      TopFrame.current = below
      withExtendedLifetime(frame) {}
    }
    return try body(frame)
  }

  /// Whether the policy keeps everything off a waiting frame that does not descend from it.
  private var runsOwnWorkOnly: Bool { !allowsStandstill && (program.policy == .ownWork || program.policy == .block) }

  /// Whether the policy bounds the open iterations of a loop.
  var boundsIterations: Bool { program.policy != .anyWork }

  /// Runs a closure that nobody waits for.
  func detach(_ step: Step, in pool: ThreadPool) {
    openDetached.add()
    pool.spawn { [self] in
      detachedSum.add(inFrame(step.id, under: nil) { execute(step, ProgramScene(frame: $0)) })
      openDetached.add(-1)
    }
  }
}
