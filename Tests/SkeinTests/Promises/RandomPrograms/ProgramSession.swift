import Skein
import Synchronization

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Runs random programs one after the other and ends the process with a description of the first that hangs or goes wrong.
///
/// It is for a process of its own, which may end at any moment; it ends as if all were well, since otherwise an exit test would not tell
/// what the process wrote. Before each program it writes the seed to its standard output, so that the one that crashed is known too.
struct ProgramSession: Sendable {
  var policy = ThreadPool.WaitPolicy.ownWork
  var features = Set(ProgramFeature.allCases)
  /// How long one program may take.
  var limit = Duration.seconds(20)
  /// How often each program is run.
  var repetitions = 1
  /// Whether a call may start on top of a frame that does not wait for it, as it once did in a standstill.
  var allowsStandstill = false

  static let allWell = "all well"

  /// What is running, for the watchman.
  private final class Running: Sendable {
    private let state = Mutex<(run: ProgramRun, since: ContinuousClock.Instant)?>(nil)
    func begin(_ run: ProgramRun) { state.withLock { $0 = (run, .now) } }
    func end() { state.withLock { $0 = nil } }

    func overdue(after limit: Duration) -> ProgramRun? {
      state.withLock { state in state.flatMap { .now - $0.since > limit ? $0.run : nil } }
    }
  }

  /// Runs the programs from a seed on for some time, and says so when nothing was wrong with any.
  func run(from first: UInt64, for duration: Duration) {
    let start = ContinuousClock.now
    let running = watch()
    var seed = first
    repeat {
      say("seed \(seed)\n")
      let program = ProgramGenerator.program(seed: seed, policy: policy, features: features)
      for _ in 0..<repetitions { run(program, running) }
      seed &+= 1
    } while ContinuousClock.now - start < duration
    say("\(Self.allWell)\n")
  }

  /// Runs one program some times.
  func run(_ program: RandomProgram) {
    let running = watch()
    for _ in 0..<repetitions { run(program, running) }
  }

  private func run(_ program: RandomProgram, _ running: Running) {
    guard let run = try? ProgramRun(program, allowsStandstill: allowsStandstill) else { fail("no threads\n\(program)") }
    running.begin(run)
    let faults = run.run()
    running.end()
    if !faults.isEmpty { fail("WRONG\n\(run.state)") }
  }

  private func watch() -> Running {
    let running = Running()
    let limit = isSanitized ? limit * 5 : limit
    OutsideThread {
      while true {
        sleep(for: .milliseconds(50))
        if let run = running.overdue(after: limit) { fail("HANG: not finished within \(limit)\n\(run.state)") }
      }
    }.detach()
    return running
  }

  private func fail(_ text: String) -> Never {
    say("\(text)\n", to: STDERR_FILENO)
    // Threads that hang, or are in the middle of something, do not take part in an ordinary end.
    _exit(0)
  }

  /// Lets a crash end the process quietly too.
  static func catchCrashes() {
    for number in [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGABRT, SIGFPE] {
      signal(number) { number in
        // Nothing but what a signal handler may do: no allocation.
        var text: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8) = (67, 82, 65, 83, 72, 10)  // CRASH and a new line
        _ = unsafe write(STDERR_FILENO, &text, 6)
        _exit(0)
      }
    }
  }
}

/// Writes at once.
private func say(_ text: String, to file: CInt = STDOUT_FILENO) {
  var rest = Array(text.utf8)
  while !rest.isEmpty {
    let written = unsafe write(file, rest, rest.count)
    if written <= 0 { return }
    rest.removeFirst(written)
  }
}
