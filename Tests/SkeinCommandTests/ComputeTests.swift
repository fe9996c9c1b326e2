import Foundation
import Skein
import Testing

@testable import SkeinCommand

@Suite struct ComputeTests {
  private func checkAll(_ computation: some Computation, threads: Int) async throws {
    try await onOwnThread {
      let pool = try ThreadPool(threadCount: threads)
      defer { pool.shutdown() }
      let expected = computation.sequential()
      for scheduler in Scheduler.allCases {
        #expect(computation.answer(by: scheduler, pool) == expected, "\(computation.name) by \(scheduler.rawValue)")
      }
    }
  }

  @Test(arguments: [1, 2, 5]) func everySchedulerGivesTheSameAnswer(threads: Int) async throws {
    try await checkAll(Mandelbrot(side: 40), threads: threads)
    try await checkAll(Queens(side: 7), threads: threads)
    try await checkAll(BigSum(count: 20_001), threads: threads)
    try await checkAll(BigSum(count: 3), threads: threads)
    try await checkAll(FilterCollect(count: 10_001), threads: threads)
    try await checkAll(FilterCollect(count: 0), threads: threads)
  }

  @Test(arguments: zip([4, 5, 6, 7, 8, 9, 10], [2, 10, 4, 40, 92, 352, 724]))
  func theKnownNumbersOfSolutions(side: Int, solutions: Int) {
    #expect(Queens(side: side).sequential() == solutions)
  }

  @Test func theKnownSum() {
    #expect(BigSum(count: 2000).sequential() == 999_000)
  }

  @Test func aWrongAnswerIsFound() async throws {
    struct Unsteady: Computation {
      let name = "unsteady"
      let detail = "wrong on purpose"
      func sequential() -> Int { 1 }
      func skein(_ pool: ThreadPool) -> Int { 1 }
      func concurrentPerform() -> Int { 2 }
      func taskGroup() async -> Int { 1 }
    }
    let comparison = try await onOwnThread {
      let pool = try ThreadPool(threadCount: 1)
      defer { pool.shutdown() }
      return Unsteady().compared(in: pool, rounds: 2)
    }
    let report = ComputeReport(threads: 1, rounds: 2, comparisons: [comparison])
    #expect(report.failures == ["compute, unsteady: the answer of concurrentPerform differs from the sequential one"])
    #expect(report.text.contains("WRONG"))
  }

  @Test func aReportSurvivesJSON() async throws {
    let report = try await onOwnThread { try ComputeCommand.report(threads: 2, size: 8, queens: 4, rounds: 1) }
    let decoded = try JSONDecoder().decode(ComputeReport.self, from: Data(jsonText(report).utf8))
    #expect(decoded.comparisons.map(\.name) == ["mandelbrot", "queens", "sum", "filter"])
    #expect(decoded.comparisons.allSatisfy { $0.runs.count == 4 })
  }

  @Test func picturesInGreyAndColour() {
    let rows: [[UInt8]] = [[0, 255], [1, 100]]
    #expect(Picture(rows, path: "a.PGM").data == Data("P5\n2 2\n255\n".utf8) + [0, 255, 1, 100])
    let colours = Picture(rows, path: "a.ppm").data
    #expect(colours.starts(with: Data("P6\n2 2\n255\n".utf8)))
    #expect(colours.count == "P6\n2 2\n255\n".utf8.count + 12)
  }
}
