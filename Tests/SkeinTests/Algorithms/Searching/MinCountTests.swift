import Skein
import Testing

extension InTurn {
  @Suite struct MinCountTests {
    private func sorted(_ values: [Placed]) -> [Placed] { values.sorted { $0.key < $1.key } }

    @Test func givesTheEndsOfTheSortedSequence() throws {
      try withInputs(and: [1025, 5000]) { pool, values, label in
        let placed = Placed.array(values)
        let sorted = sorted(placed)
        for count in [7, values.count / 3] {
          let source = placed.parallel(in: pool)
          #expect(source.min(count: count) { $0.key < $1.key } == Array(sorted.prefix(count)), "\(count), \(label)")
          #expect(source.max(count: count) { $0.key < $1.key } == Array(sorted.suffix(count)), "\(count), \(label)")
        }
        #expect(values.parallel(in: pool).min(count: 5) == Array(values.sorted().prefix(5)), "\(label)")
        #expect(
          values.parallel(in: pool).filter { $0 % 2 == 0 }.max(count: 5)
            == Array(values.filter { $0 % 2 == 0 }.sorted().suffix(5)), "\(label)")
      }
    }

    /// Few of many: the rest begins with the worst of what the first elements gave. Among equals the first stay, or the last.
    @Test func fewOfManyWithEquals() throws {
      let seed = newSeed()
      var generator = SeededGenerator(seed: seed)
      for input in [Input.random, .descending, .fewDistinct, .allEqual] {
        let placed = Placed.array(input.values(elements(60_000), &generator))
        let sorted = sorted(placed)
        for threads in inPlaceThreadCounts {
          let pool = try ThreadPool(threadCount: threads)
          for count in [1, 3, 9] {
            let source = placed.parallel(in: pool)
            let label = "\(count) of \(input), \(threads) threads, seed \(seed)"
            #expect(source.min(count: count) { $0.key < $1.key } == Array(sorted.prefix(count)), "\(label)")
            #expect(source.max(count: count) { $0.key < $1.key } == Array(sorted.suffix(count)), "\(label)")
            let part = source.filter { $0.key % 3 != 0 }
            #expect(
              part.min(count: count) { $0.key < $1.key } == Array(sorted.filter { $0.key % 3 != 0 }.prefix(count)),
              "\(label)")
          }
        }
      }
    }

    /// Of a sequence whose length is not known beforehand.
    @Test(arguments: inPlaceThreadCounts)
    func plainSequences(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for total in [0, 1, 12, 100, elements(30_000)] {
        let placed = Placed.array((0..<total).map { $0 &* 7919 % 101 })
        let sorted = sorted(placed)
        let source = Pulled(total).parallel(in: pool).map { placed[$0] }
        for count in [0, 1, 3, 40, 20_000] {
          #expect(source.min(count: count) { $0.key < $1.key } == Array(sorted.prefix(count)))
          #expect(source.max(count: count) { $0.key < $1.key } == Array(sorted.suffix(count)))
        }
        #expect(
          Pulled(total).parallel(in: pool).filter { $0 % 2 == 0 }.max(count: 2)
            == (0..<total).filter { $0 % 2 == 0 }.suffix(2))
      }
    }

    @Test func theErrorIsTheSameAtEveryThreadCount() throws {
      let values = (0..<3000).map { ($0 * 7919) % 10_007 }
      var errors: Set<Int> = []
      for threads in inPlaceThreadCounts {
        let pool = try ThreadPool(threadCount: threads)
        for _ in 0..<rounds(10, long: 100) {
          do {
            _ = try values.parallel(in: pool).min(count: 20) { (left, right) throws(TestError) in
              if left % 50 == 3 { throw TestError(left) }
              return left < right
            }
            Issue.record("nothing was thrown")
          } catch {
            errors.insert(error.position)
          }
        }
      }
      #expect(errors.count == 1)
    }

    @Test(arguments: inPlaceThreadCounts)
    func nothingLeaksWhereverTheOrderThrows(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let values = (0..<500).map { ($0 * 7919) % 10_007 }
      for last in [0, 1, 10, 100, 500, 700, 100_000] {
        for limit in [1, 7, 100] {
          withLives(values) { array in
            let calls = Counter()
            _ = try? array.parallel(in: pool).max(count: limit) { (left, right) throws(TestError) in
              if calls.add() > last { throw TestError(last) }
              return left.value < right.value
            }
          }
        }
      }
    }

    @Test(arguments: inPlaceThreadCounts)
    func errorsOfTheChainComeOut(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let source = (0..<5000).parallel(in: pool).map { value throws(TestError) in
        if value >= 1234 { throw TestError(value) }
        return value
      }
      #expect(throws: TestError(1234)) { _ = try source.min(count: 3) }
      #expect(throws: TestError(1234)) { _ = try source.max(count: 3) { $0 < $1 } }
    }

    @Test func aNegativeCountTraps() async {
      await #expect(processExitsWith: .failure) { _ = [1, 2].parallel.min(count: -1) }
    }
  }
}
