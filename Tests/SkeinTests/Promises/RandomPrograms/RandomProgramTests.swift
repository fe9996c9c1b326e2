import Skein
import Testing

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

private func setting(_ name: String) -> String? {
  unsafe getenv("SKEIN_RANDOM_\(name)").map { unsafe String(cString: $0) }
}

/// How the programs are chosen: by the environment, for who looks for faults, or else by a fresh seed and for a short time.
///
/// - `SKEIN_RANDOM_SECONDS`: how long to look, over however many faults; the suite stops at the first.
/// - `SKEIN_RANDOM_SEED`: the first seed.
/// - `SKEIN_RANDOM_REPEAT`: how often to run each program.
/// - `SKEIN_RANDOM_LIMIT`: how many seconds one program may take.
/// - `SKEIN_RANDOM_POLICY`: this one only.
/// - `SKEIN_RANDOM_ONLY`, `SKEIN_RANDOM_WITHOUT`: features, with commas between them.
/// - `SKEIN_RANDOM_SHRINK`: only print a smaller program than that of `SKEIN_RANDOM_SEED` that hangs too.
/// - `SKEIN_RANDOM_STANDSTILL`: calls may start on top of frames that do not wait for them.
private enum Search {
  static let seconds = setting("SECONDS").flatMap(Int.init)
  static let seed = setting("SEED").flatMap(UInt64.init)
  static let shrinks = setting("SHRINK") != nil

  static func isWanted(_ policy: ThreadPool.WaitPolicy) -> Bool {
    guard let name = setting("POLICY") else { return seconds == nil || policy == .ownWork }
    return name == "\(policy)"
  }

  static func session(_ policy: ThreadPool.WaitPolicy) -> ProgramSession {
    func features(_ name: String) -> Set<ProgramFeature>? {
      setting(name).map { Set($0.split(separator: ",").map { ProgramFeature(rawValue: String($0))! }) }
    }
    var session = ProgramSession(policy: policy)
    if let only = features("ONLY") { session.features = only }
    if let without = features("WITHOUT") { session.features.subtract(without) }
    if let limit = setting("LIMIT").flatMap(Int.init) { session.limit = .seconds(limit) }
    if let repetitions = setting("REPEAT").flatMap(Int.init) { session.repetitions = repetitions }
    session.allowsStandstill = setting("STANDSTILL") != nil
    return session
  }
}

extension InTurn {
  /// W1 to W6, and that everything finishes, in programs that nobody thought of.
  ///
  /// Each process of an exit test runs many programs, and ends with the first that hangs, crashes or goes wrong.
  @Suite struct RandomProgramTests {
    @Test(arguments: ThreadPool.WaitPolicy.allCases)
    func everyProgramFinishesAsTheSequentialOneDoes(_ policy: ThreadPool.WaitPolicy) async {
      guard Search.isWanted(policy), !Search.shrinks else { return }
      var seed = Search.seed ?? newSeed()
      let share = policy == .ownWork ? 2 : 1
      let duration = Duration.seconds(Search.seconds ?? (isLong ? 120 * share : share))
      let start = ContinuousClock.now
      repeat {
        let left = min(duration - (ContinuousClock.now - start), .seconds(30))
        let index = ThreadPool.WaitPolicy.allCases.firstIndex(of: policy)!
        let milliseconds = Int(left / .milliseconds(1))
        let result = await #expect(
          processExitsWith: .success, observing: [\.standardErrorContent, \.standardOutputContent]
        ) { [seed = seed as UInt64, index = index as Int, milliseconds = milliseconds as Int] in
          let session = Search.session(ThreadPool.WaitPolicy.allCases[index])
          ProgramSession.catchCrashes()
          session.run(from: seed, for: .milliseconds(milliseconds))
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        let last = output.split(separator: "\n").last { $0.hasPrefix("seed ") }.flatMap { UInt64($0.dropFirst(5)) }
        if !output.hasSuffix("\(ProgramSession.allWell)\n") {
          Issue.record("seed \(last ?? seed), \(policy): \(message(result))")
          if Search.seconds == nil { return }
        }
        seed = (last ?? seed) &+ 1
      } while ContinuousClock.now - start < duration
      print("\(policy): programs to seed \(seed)")
    }

    @Test(.enabled(if: Search.shrinks), arguments: ThreadPool.WaitPolicy.allCases)
    func aSmallerProgramThatHangsToo(_ policy: ThreadPool.WaitPolicy) throws {
      guard Search.isWanted(policy) else { return }
      let seed = try #require(Search.seed)
      let program = ProgramGenerator.program(seed: seed, policy: policy, features: Search.session(policy).features)
      print(ProgramShrinker().shrink(program)?.description ?? "seed \(seed) finishes, or takes locks")
    }
  }
}
