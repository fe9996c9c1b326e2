import Foundation
import Testing

@testable import SkeinCommand

@Suite struct StealingTests {
  @Test(arguments: Strategy.allCases, [1, 2, 5])
  func everyTaskRunsOnce(strategy: Strategy, threads: Int) {
    for shape in Workload.Shape.allCases {
      for taskCount in [1, 63, 64, 65, 1000] {
        let workload = Workload(shape: shape, taskCount: taskCount)
        let records = runScheduler(workload, threads: threads, by: strategy)
        #expect(records.count == threads)
        #expect(misfits(in: records, taskCount: taskCount) == (0, 0))
        #expect(records.flatMap(\.tasks).count == taskCount)
        #expect(records.allSatisfy { $0.tasks.count == $0.found.own + $0.found.stolen + $0.found.injected })
      }
    }
  }

  @Test(arguments: Workload.Shape.allCases, [1, 5, 64, 1000, 12_345])
  func theRootsCoverTheTasks(shape: Workload.Shape, taskCount: Int) {
    let roots = Workload(shape: shape, taskCount: taskCount).roots
    #expect(roots.count <= Workload.rootCount)
    #expect(roots.flatMap { Array($0.range) } == Array(0..<taskCount))
  }

  @Test func lostAndRepeatedTasksAreFound() {
    let records = [ThreadRecord(tasks: [0, 1, 1]), ThreadRecord(tasks: [3, 0])]
    #expect(misfits(in: records, taskCount: 5) == (2, 2))
  }

  @Test func aReportReadsAndSurvivesJSON() throws {
    let runs = runStrategies(Workload(shape: .skewed, taskCount: 500), threads: 2)
    let report = StealingReport(threads: 2, tasks: 500, runs: runs)
    #expect(report.failures.isEmpty)
    #expect(report.text.contains("longest first"))
    let decoded = try JSONDecoder().decode(StealingReport.self, from: Data(jsonText(report).utf8))
    #expect(decoded.runs.count == Strategy.allCases.count)
    #expect(decoded.runs.allSatisfy { $0.threads.reduce(0) { $0 + $1.run } == 500 })
  }

  @Test func whatIsNotRightIsAFailure() {
    var run = runStrategies(Workload(shape: .even, taskCount: 10), threads: 1)[0]
    run.isSumRight = false
    #expect(run.failure != nil)
    run.missing = 3
    #expect(run.failure?.contains("3 tasks were not run") == true)
  }

  @Test(arguments: [1, 2, 1024]) func extremesFitThePage(threads: Int) {
    let thread = StealingRun.ThreadSummary(
      run: 5_000_000, own: 5_000_000, stolen: 5_000_000, injected: 64, retries: 1_000_000_000, cost: 1)
    let runs = Workload.Shape.allCases.flatMap { shape in
      Strategy.allCases.map {
        StealingRun(
          shape: shape, strategy: $0, threads: .init(repeating: thread, count: threads), seconds: 0.9999,
          sequentialSeconds: 1000,
          missing: 1, repeated: 0, isSumRight: true)
      }
    }
    #expect(widest(StealingReport(threads: threads, tasks: 5_000_000, runs: runs).text) <= 80)
  }
}
