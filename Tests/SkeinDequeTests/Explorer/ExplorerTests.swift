import InterleavingExplorer
import SkeinDeque
import Synchronization
import Testing

/// The library's own code, through every schedule of short scripts.
@Suite(.serialized, .enabled(if: !isSanitized, "one thread runs at a time, so a sanitizer sees nothing here"))
struct ExplorerTests {
  @Test(arguments: Script.deque + Script.injection)
  func everySchedule(script: Script) {
    let report = script.explore()
    print("explored: \(script.name): \(report.executions) executions, \(report.redundant) cut short")
    expect(report.failure == nil, "\(report.failure ?? "")")
    expect(report.isComplete, "there are more than \(report.executions) executions")
    expect(report.executions > 1)
  }

  /// The search itself: two threads that each read and then write the same word lose an update in some schedule.
  @Test(arguments: [nil, 1, 2])
  func findsALostUpdate(preemptionBound: Int?) {
    final class Shared {
      let word = ExploredWord(0)
    }
    let report = Explorer.explore(preemptionBound: preemptionBound) {
      let shared = Shared()
      let body = { shared.word.storeRelaxed(shared.word.loadRelaxed() + 1) }
      return Execution(threads: [body, body], check: { shared.word.loadRelaxed() == 2 ? nil : "lost" })
    }
    expect(report.failure != nil)
  }

  /// Without reduction two threads of two accesses have C(4, 2) schedules; independent ones need one.
  @Test func countsSchedules() {
    final class Shared {
      let one = ExploredWord(0)
      let other = ExploredWord(0)
    }
    func executions(_ preemptionBound: Int?, same: Bool) -> Int {
      Explorer.explore(preemptionBound: preemptionBound) {
        let shared = Shared()
        return Execution(
          threads: [
            {
              shared.one.storeRelaxed(1)
              shared.one.storeRelaxed(2)
            },
            {
              if same { shared.one.storeRelaxed(3) } else { shared.other.storeRelaxed(3) }
              if same { shared.one.storeRelaxed(4) } else { shared.other.storeRelaxed(4) }
            },
          ], check: { nil })
      }.executions
    }
    expectEqual(executions(nil, same: true), 6)
    expectEqual(executions(nil, same: false), 1)
    expectEqual(executions(0, same: true), 2)
  }
}
