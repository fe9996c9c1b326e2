import InterleavingExplorer
import SkeinDeque
import Testing

/// The scripts again, in a memory in which writes are seen late.
@Suite(.serialized, .enabled(if: !isSanitized, "one thread runs at a time, so a sanitizer sees nothing here"))
struct WeakMemoryTests {
  /// The first few hundred schedules of each, or all of them with `SKEIN_LONG_TESTS`.
  @Test(arguments: Script.deque + Script.injection)
  func everySchedule(script: Script) {
    let report = script.exploreWeakly(limit: isLong ? 200_000 : 200)
    print("explored weakly: \(script.name): \(report.executions) executions, \(report.redundant) cut short")
    expect(report.failure == nil, "\(report.failure ?? "")")
    expect(report.isComplete || !isLong, "there are more than \(report.executions) executions")
  }
}
