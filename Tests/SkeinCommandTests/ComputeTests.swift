import ArgumentParser
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

  @Test func picturesInGreyAndColour() throws {
    let rows: [[UInt8]] = [[0, 255], [1, 100]]
    #expect(
      try Picture(rows: rows, format: .init(path: "a.PGM")).data == Data("P5\n2 2\n255\n".utf8) + [0, 255, 1, 100])
    let colours = try Picture(rows: rows, format: .init(path: "some.where/a.ppm")).data
    #expect(colours.starts(with: Data("P6\n2 2\n255\n".utf8)))
    #expect(colours.count == "P6\n2 2\n255\n".utf8.count + 12)
  }

  @Test(arguments: ["a.png", "a", "ppm", "a.ppm.gz", "a.ppm/b", "", "/", "a."])
  func otherPicturesAreRefused(path: String) {
    #expect(throws: (any Error).self) { try Picture.Format(path: path) }
    #expect(throws: (any Error).self) { try ComputeCommand.parse(["--picture", path]) }
  }

  @Test func extremesFitThePage() {
    let times = [0.0000001, 0.9999, 999.9, 99_999.9]
    for (sequential, other) in times.flatMap({ time in times.map { (time, $0) } }) {
      let comparison = Comparison(
        name: "mandelbrot", detail: Mandelbrot(side: 4096).detail,
        runs: Scheduler.allCases.map {
          .init(scheduler: $0, seconds: $0 == .sequential ? sequential : other, isRight: false)
        })
      let report = ComputeReport(
        threads: 1024, rounds: 100, comparisons: [comparison, comparison],
        picture: String(repeating: "/path", count: 100) + "/a.ppm",
        machine: .init(processors: 1024, available: 0))
      #expect(widest(report.text) <= 80)
      // One block, unless the numbers are such as no machine has.
      #expect(sequential / other > 10_000 || report.text.components(separatedBy: "computation").count == 2)
    }
  }
}
