import Foundation
import Synchronization
import Testing

@testable import SkeinCommand

@Suite struct MemoryTests {
  private func row(_ policy: Policy, _ splitting: Splitting = .onDemand, limit: Int = 1 << 30) -> MemoryRow {
    MemoryRow(
      policy: policy, splitting: splitting, threads: 2, iterations: 100, vectorBytes: 16 << 10, liveByteLimit: limit)
  }

  @Test(arguments: [Splitting.onDemand, .minimumBatch, .inBlocks])
  func ownWorkKeepsOneIterationAlivePerThread(splitting: Splitting) throws {
    let result = try runReferenceProgram(row(.ownWork, splitting))
    #expect(result.failure == nil)
    #expect(result.total == 100 * 2048)
    #expect((1...2).contains(result.peakAlive))
    #expect(result.deepestNesting == 1)
  }

  @Test(arguments: Policy.allCases)
  func everyPolicyGivesTheExactTotal(policy: Policy) throws {
    #expect(try runReferenceProgram(row(policy)).failure == nil)
  }

  @Test func tooManyAliveAreRefusedAndReported() throws {
    let result = try runReferenceProgram(row(.ownWork, limit: 1))
    #expect(result.refusedIterations == 100)
    #expect(result.failure?.contains("stopped") == true)
  }

  @Test func theGaugeSeesNests() {
    let gauge = IterationGauge(threads: 1, limit: 3)
    gauge.iteration {
      gauge.iteration {
        gauge.iteration { gauge.iteration { Issue.record("a fourth iteration was to be refused") } }
      }
    }
    #expect((gauge.peakAlive, gauge.deepestNesting, gauge.refusedIterations) == (3, 3, 1))
  }

  @Test func anyWorkIsMadeToFitAndTheOthersAreNot() throws {
    let plan = MemoryPlan(
      policies: [.ownWork, .innerWork, .anyWork], threads: 2, iterations: 10_000, otherIterations: 2500,
      megabytes: 8, availableBytes: 2 << 30)
    let rows = try plan.rows()
    #expect(rows.map(\.policy) == [.ownWork, .innerWork, .anyWork, .ownWork, .ownWork])
    #expect(rows.map(\.iterations) == [10_000, 2500, 1000, 2500, 2500])
    #expect(rows[2].iterations * rows[2].vectorBytes <= 512 << 20)
    #expect(rows.allSatisfy { $0.policy == .anyWork || $0.vectorBytes == 8 << 20 })
  }

  @Test func vectorsThatCannotFitAreRefused() {
    let plan = MemoryPlan(
      policies: [.ownWork], threads: 64, iterations: 1, otherIterations: 1, megabytes: 4096, availableBytes: 1 << 30)
    #expect(throws: CommandFailure.self) { try plan.rows() }
  }

  @Test func aRowSurvivesJSON() throws {
    let row = row(.innerWork, .inBlocks)
    #expect(try JSONDecoder().decode(MemoryRow.self, from: JSONEncoder().encode(row)) == row)
  }

  @Test func aBoundThatIsBrokenIsAFailure() {
    func failure(_ policy: Policy, alive: Int, nest: Int) -> String? {
      let row = row(policy)
      return MemoryResult(
        row: row, total: row.expectedTotal, peakAlive: alive, deepestNesting: nest, refusedIterations: 0, seconds: 1
      ).failure
    }
    #expect(failure(.ownWork, alive: 2, nest: 1) == nil)
    #expect(failure(.ownWork, alive: 3, nest: 1)?.contains("3 iterations alive on 2 threads") == true)
    #expect(failure(.block, alive: 2, nest: 2)?.contains("2 on one of them") == true)
    #expect(failure(.anyWork, alive: 100, nest: 50) == nil)
  }

  @Test func aWrongTotalIsAFailure() {
    let row = row(.ownWork)
    let result = MemoryResult(
      row: row, total: row.expectedTotal - 1, peakAlive: 1, deepestNesting: 1, refusedIterations: 0, seconds: 1)
    let report = MemoryReport(
      asked: .init(threads: 2, iterations: 300, vectorBytes: 64 << 10), availableBytes: 1 << 30, results: [result])
    #expect(report.failures.count == 1)
    #expect(report.text.contains("WRONG"))
  }

  @Test func extremesFitThePage() {
    let results = Policy.allCases.flatMap { policy in
      [Splitting.onDemand, .minimumBatch, .inBlocks].map { splitting in
        MemoryResult(
          row: MemoryRow(
            policy: policy, splitting: splitting, threads: 1024, iterations: 10_000_000, vectorBytes: 1023 << 20,
            liveByteLimit: 1),
          total: 0, peakAlive: 10_000_000, deepestNesting: 10_000_000, refusedIterations: 0,
          initialResidentBytes: 1023 << 20,
          peakResidentBytes: 1023 << 30, seconds: 99_999.9)
      }
    }
    let report = MemoryReport(
      asked: .init(threads: 1024, iterations: 10_000_001, vectorBytes: 4 << 30), availableBytes: 1023 << 40,
      results: results,
      machine: .init(processors: 1024, available: 1, others: 0.5))
    #expect(widest(report.text) <= 80)
  }
}
