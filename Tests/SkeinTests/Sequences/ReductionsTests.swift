import Skein
import Testing

extension InTurn {
  @Suite struct ReductionsTests {
    private let counts = [0, 1, 2, 3, 2047, 2048, 2049, 4096, 4097, isSanitized ? 5000 : 20_000]

    private func expected<Element>(_ elements: [Element], _ combine: (Element, Element) -> Element) -> [Element] {
      var result: [Element] = []
      for element in elements { result.append(result.last.map { combine($0, element) } ?? element) }
      return result
    }

    @Test(arguments: fewThreadCounts) func theSequentialAnswer(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for count in counts {
        let numbers = (0..<count).map { $0 &* 7919 % 1013 - 500 }
        let source = numbers.parallel(in: pool)
        #expect(source.reductions(+) == expected(numbers, +))
        #expect(source.reductions(10, +) == expected([10] + numbers, +))
        #expect(source.filter { $0 > 0 }.reductions(max) == expected(numbers.filter { $0 > 0 }, max))
        let captured = count
        #expect(source.reductions { $0 ^ $1 ^ captured } == expected(numbers) { $0 ^ $1 ^ captured })
      }
    }

    /// Matrices of two rows that begin with 1, as the pair that they add and what they multiply by.
    @Test(arguments: fewThreadCounts) func theOperationNeedNotCommute(_ threads: Int) throws {
      struct Line: Equatable {
        var slope: UInt64, offset: UInt64
        static func then(_ first: Line, _ second: Line) -> Line {
          Line(slope: second.slope &* first.slope, offset: second.slope &* first.offset &+ second.offset)
        }
      }
      let pool = try ThreadPool(threadCount: threads)
      for count in counts {
        let lines = (0..<count).map { Line(slope: UInt64($0) &* 2 &+ 1, offset: UInt64($0)) }
        #expect(lines.parallel(in: pool).reductions(Line.then) == expected(lines, Line.then))
      }
    }

    @Test func theSameBitsAtEveryNumberOfThreads() throws {
      let values = (0..<20_000).map { 1 / Double($0 + 3) }
      let results = try threadCounts.map { threads in
        values.parallel(in: try ThreadPool(threadCount: threads)).reductions(0.1, +).map(\.bitPattern)
      }
      #expect(results.allSatisfy { $0 == results[0] })
    }

    @Test(arguments: fewThreadCounts) func anErrorDependsOnTheElementsAloneAndNothingIsLost(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let lives = Lives()
      do {
        let values = (0..<10_000).map { LifeTracked($0, lives) }
        for bad in [1, 2047, 2048, 2049, 5000, 9999] {
          #expect(throws: TestError(bad)) {
            try values.parallel(in: pool).reductions { (left, right) throws(TestError) in
              if right.value == bad { throw TestError(bad) }
              return right
            }
          }
        }
        #expect(throws: TestError(7)) {
          try values.parallel(in: pool).map { (value) throws(TestError) in
            if value.value >= 7 { throw TestError(value.value) }
            return value
          }.reductions { $1 }
        }
      }
      #expect(lives.alive == 0)
    }
  }
}
