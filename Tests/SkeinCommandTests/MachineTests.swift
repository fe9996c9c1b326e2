import Foundation
import Testing

@testable import SkeinCommand

/// Whether figures were taken on a machine that had other things to do.
@Suite struct MachineTests {
  @Test func aBusyMachineIsToldOf() {
    func notice(_ available: Double, _ others: Double?) -> String? {
      MachineState(processors: 2, available: available, others: others).notice
    }
    #expect(notice(1, nil) == nil)
    #expect(notice(0.97, 0.04) == nil)
    #expect(notice(0.5, nil)?.contains("about 50 % of 2 processors") == true)
    #expect(notice(1, 0.333)?.contains("about 33 % of 2 processors") == true)
  }

  @Test func whatOthersHadIsWhatIsNotOurs() throws {
    func times(_ line: String, own: Double, processors: Int = 2) -> ProcessorTimes? {
      ProcessorTimes(
        statistics: "cpu  \(line)\ncpu0 1 2 3 4 5 6 7 8 0 0\ncpu1 1 2 3 4 5 6 7 8 0 0\nintr 1 2 3\n",
        processors: processors, own: own)
    }
    let ticks = sysconf(Int32(_SC_CLK_TCK))
    let before = try #require(times("0 0 0 0 0 0 0 0 0 0", own: 3))
    // Ten seconds of two processors, four of them idle and two stolen.
    let after = try #require(
      times("\(10 * ticks) \(ticks) \(3 * ticks) \(3 * ticks) \(ticks) 0 0 \(2 * ticks) 0 0", own: 13))
    #expect(after.othersShare(since: before) == 0.3)
    #expect(try #require(times("0 0 0 1 0 0 0 0 0 0", own: 3)).othersShare(since: before) == nil)
    #expect(times("0 0 0 0 0 0 0 0 0 0", own: 0, processors: 4) == nil)
    #expect(ProcessorTimes(statistics: "", processors: 2, own: 0) == nil)
  }

  @Test func theDemonstrationNamesTheBusyParts() {
    var report = DemoReport()
    #expect(report.conclusion == "Every result of the four parts was checked and is right.")
    report.compute = ComputeReport(
      threads: 1, rounds: 1, comparisons: [], machine: .init(processors: 2, available: 0.5, others: nil))
    #expect(report.busyParts == ["compute"])
    #expect(report.conclusion.contains("(compute)"))
    #expect(widest(report.conclusion) <= 80)
  }

  @Test func otherProgramsAreNoticed() async throws {
    try await onOwnThread {
      let others = try (0..<2 * ProcessorProbe.processors).map { _ in
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "while :; do :; done"]
        try process.run()
        return process
      }
      defer { others.forEach { kill($0.processIdentifier, SIGKILL) } }
      // Once in a few seconds: the tests beside this one, and the children that they wait for, are not others.
      let areNoticed = (0..<10).contains { _ in
        let watch = MachineWatch()
        let available = ProcessorProbe.available(on: ProcessorProbe.processors, seconds: 1)
        let state = watch.state
        return available < 0.7 && state.isBusy && state.others ?? 1 > 0.3
      }
      #expect(areNoticed)
      if BuiltTool.url != nil {
        let run = try BuiltTool("compute", "--size", "16", "--queens", "5", "--rounds", "1")
        #expect(run.output.contains("BUSY: other programs had about"))
      }
    }
  }
}
