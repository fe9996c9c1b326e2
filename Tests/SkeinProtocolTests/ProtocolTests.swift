import InterleavingExplorer
import Testing

/// The pool's own protocols, in its own code: the sources of `Skein`, compiled once more with words that an explorer schedules.
///
/// What stands in for something else is in `Words`: atomics and locks, the system's calls, threads, the clock; a worker's patience, which is over
/// at once; and the queues for calls and closures, which do in one step what they do, as the tests of `SkeinDeque` explore the real ones.
@Suite(.serialized, .enabled(if: !isSanitized, "one thread runs at a time, so a sanitizer sees nothing here"))
struct ProtocolTests {
  /// Scripts of a deque, a sleeper's word, the flag that asks for jobs, and a scope's count go through all schedules. Those of whole workers go
  /// through all with one or two interruptions, and in the long tests begin upon those with one more. Three of them are too long even so.
  @Test(arguments: Script.all)
  func everySchedule(script: Script) {
    let report = script.explore(limit: isLong ? 50_000 : script.dailyLimit ?? 5000, isDeeper: isLong)
    print("explored: \(script.name): \(report.executions) executions, \(report.redundant) cut short")
    #expect(report.failure == nil, "\(report.trace.joined(separator: "\n"))")
    #expect(
      report.isComplete || script.dailyLimit != nil || isLong, "there are more than \(report.executions) executions")
    #expect(report.executions > 1)
  }

  /// The same in a memory in which writes are seen late: the first schedules of each.
  @Test(arguments: Script.all)
  func someSchedulesInWeakMemory(script: Script) {
    let report = script.explore(weak: true, limit: isLong ? 20_000 : 50)
    print("explored weakly: \(script.name): \(report.executions) executions, \(report.redundant) cut short")
    #expect(report.failure == nil, "\(report.trace.joined(separator: "\n"))")
  }
}

extension Script {
  static let all = forkDeque + jobQueue + parker + sleep + exposure + fork + scope + mail + guest + watcher
}
