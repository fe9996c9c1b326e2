import Skein
import Testing

extension InTurn {
  /// A chain gives the same whether its stages become one closure or are called one by one.
  @Suite struct StageTests {
    @Test(arguments: threadCounts)
    func eightStages(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let zero = threads - threads
      for count in [0, 1, 2, 7, 97, 1009, isSanitized ? 2003 : 20_011] {
        let array = (0..<count).map { $0 &* 7 % 1013 }
        let source = array.parallel(in: pool)
        let first = array.map { $0 &* 3 }.filter { $0 != 4 }.map { $0 ^ 3 }.filter { $0 % 5 != 0 }
        let expected = first.map { $0 ^ 9 }.compactMap { $0 % 7 == 0 ? nil : $0 }.map { $0 &+ 1 }.filter {
          $0 % 11 != 0
        }
        let constant = source.map { $0 &* 3 }.filter { $0 != 4 }.map { $0 ^ 3 }.filter { $0 % 5 != 0 }
        let all = constant.map { $0 ^ 9 }.compactMap { $0 % 7 == 0 ? nil : $0 }.map { $0 &+ 1 }.filter { $0 % 11 != 0 }
        #expect(Array(all) == expected)
        #expect(all.sum() == expected.reduce(0, +))
        // With one that captures, first, between the others and last.
        #expect(Array(all.map { $0 &+ zero }) == expected)
        let middle = constant.map { $0 ^ 9 &+ zero }.compactMap { $0 % 7 == 0 ? nil : $0 }.map { $0 &+ 1 }
        #expect(Array(middle.filter { $0 % 11 != 0 }) == expected)
        let captured = source.map { $0 &* 3 &+ zero }.filter { $0 != 4 }.map { $0 ^ 3 }.filter { $0 % 5 != 0 }
        #expect(Array(captured) == first)
      }
    }

    /// A stage after a stage that throws, after one that cannot.
    @Test(arguments: threadCounts)
    func stagesAfterOneThatThrows(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for (count, bad) in [(1, 0), (7, 6), (97, 48), (1009, 1), isSanitized ? (503, 502) : (5003, 5002)] {
        let first = (0..<count).parallel(in: pool).map { $0 &+ 1 }.filter { $0 > 0 }
        let throwing = first.map { (number) throws(TestError) in
          if number > 4 * number { throw TestError(number) }
          return number
        }
        #expect(try throwing.map { $0 &- 1 }.filter { $0 >= 0 }.sum() == count * (count - 1) / 2)
        let failing = first.map { (number) throws(TestError) in
          if number > bad { throw TestError(number) }
          return number
        }
        #expect(throws: TestError(bad + 1)) { _ = try failing.map { $0 &- 1 }.filter { $0 >= 0 }.sum() }
        // The sequences that the error goes through need not be stages.
        #expect(throws: TestError(bad + 1)) { _ = try Array(failing.flatMap { 0..<($0 % 3) }.map { $0 ^ 1 }) }
      }
    }
  }
}
