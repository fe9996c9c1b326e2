/// Work that takes a known time: steps of about the same length, on this machine, whoever runs them.
struct BusyWork: Sendable {
  /// Rounds of the generator for each step.
  let rounds: Int

  /// Finds how many rounds a step of this length takes: the fastest of several tries.
  init(stepNanoseconds: Double) {
    let trial = 2_000_000
    let fastest = (0..<5).map { _ in nanoseconds { opaque(BusyWork.spin(opaque(trial))) }.0 }.min()!
    rounds = max(1, Int(stepNanoseconds * Double(trial) / fastest))
  }

  func run(steps: Int) { _ = opaque(BusyWork.spin(rounds * steps)) }

  /// A chain of multiplications, each of which needs the last one's result.
  @inline(never)
  private static func spin(_ rounds: Int) -> UInt64 {
    var state: UInt64 = 1
    for _ in 0..<rounds { state = (state ^ (state >> 29)) &* 0x9E37_79B9_7F4A_7C15 }
    return state
  }
}
