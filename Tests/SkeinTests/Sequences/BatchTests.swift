import Skein
import Testing

extension InTurn {
  /// A chain that is written in one closure and run on each batch gives what the chain gives.
  @Suite struct BatchTests {
    @Test(arguments: threadCounts)
    func everyTerminalGivesTheSequentialAnswer(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let (factor, scale) = (5, 1.5)
      for count in [0, 1, 2, 7, 97, 1009, 20_011] {
        let array = (0..<count).map { $0 &* 7 % 1013 }
        let source = array.parallel(in: pool, maximumBatch: count < 1000 ? 1 : .max)
        let sum = source.inEachBatch { batch in
          batch.map { $0 &* factor }.filter { $0 != factor }.map { $0 ^ factor }.sum()
        }
        #expect(sum == array.map { $0 &* factor }.filter { $0 != factor }.map { $0 ^ factor }.reduce(0, +))
        #expect(source.inEachBatch { $0.sum() } == array.reduce(0, +))
        #expect(
          source.inEachBatch { $0.compactMap { $0 > factor ? "\($0)" : nil }.count() } == array.count { $0 > factor })
        #expect(source.inEachBatch { $0.map { $0 ^ factor }.max() } == array.map { $0 ^ factor }.max())
        #expect(source.inEachBatch { $0.map { $0 ^ factor }.min() } == array.map { $0 ^ factor }.min())
        #expect(source.inEachBatch { $0.contains { $0 == factor * 100 } } == array.contains(factor * 100))
        let all = source.inEachBatch { batch in
          batch.reduce(into: [Int]()) {
            $0.append($1 &* factor)
          } combine: {
            $0 += $1
          }
        }
        #expect(all ?? [] == array.map { $0 &* factor })
        let joined = source.inEachBatch { batch in batch.map { "\($0 &* factor)" }.reduce { $0 + $1 } }
        #expect(joined ?? "" == array.map { "\($0 &* factor)" }.joined())
        let visits = Counter()
        source.inEachBatch { batch in batch.forEach { _ in visits.add() } }
        #expect(visits.value == count)
        let doubles = array.map { Double($0) * 0.1 }.parallel(in: pool)
        let bits = doubles.inEachBatch { batch in batch.map { $0 * scale }.sum() }
        #expect(bits == doubles.map { $0 * scale }.sum())
      }
    }

    /// So does a plain sequence, whose batches are parts of the blocks that are pulled.
    @Test(arguments: threadCounts)
    func batchesOfPlainSequences(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let (factor, scale) = (5, 0.1)
      for count in [0, 1, 2, 7, 97, 1009, 20_011] {
        let array = Array(0..<count)
        let source = Pulled(count).parallel(in: pool, maximumBatch: count < 1000 ? 1 : .max)
        #expect(source.inEachBatch { $0.map { $0 &* factor }.sum() } == array.reduce(0) { $0 + $1 &* factor })
        #expect(source.inEachBatch { $0.filter { $0 > factor }.count() } == array.count { $0 > factor })
        #expect(source.inEachBatch { $0.contains { $0 == factor * 100 } } == array.contains(factor * 100))
        let strings = source.inEachBatch { batch in batch.map { "\($0)," }.reduce { $0 + $1 } }
        #expect(strings ?? "" == array.map { "\($0)," }.joined())
        let bits = source.inEachBatch { batch in batch.map { Double($0) * scale }.sum() }
        #expect(bits == source.map { Double($0) * scale }.sum())
        for bad in [0, count / 2, count - 1] where 0..<count ~= bad {
          #expect(throws: TestError(bad)) {
            try Pulled(count).parallel(in: pool).inEachBatch { (batch) throws(TestError) in
              try batch.forEach { (number) throws(TestError) in if number >= bad { throw TestError(number) } }
            }
          }
        }
      }
    }

    /// Each operation that takes a closure takes one that throws.
    @Test(arguments: threadCounts)
    func theErrorOfAnyClosureIsThrown(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      let source = (0..<1010).parallel(in: pool, maximumBatch: 64)
      for bad in [0, 1, 500, 1009, 5000] {
        @Sendable func isEven(_ number: Int) throws(TestError) -> Bool {
          if number >= bad { throw TestError(number) }
          return number.isMultiple(of: 2)
        }
        func expect<Value: Equatable>(_ expected: Value, _ body: () throws(TestError) -> Value) {
          do throws(TestError) {
            #expect(try body() == expected)
            #expect(bad == 5000)
          } catch {
            #expect(error == TestError(bad))
          }
        }
        expect(505) { () throws(TestError) in
          try source.inEachBatch { (batch) throws(TestError) in try batch.filter(isEven).count() }
        }
        expect(505) { () throws(TestError) in
          try source.inEachBatch { (batch) throws(TestError) in
            try batch.compactMap { $0 }.filter(isEven).map { $0 }.count()
          }
        }
        expect(505) { () throws(TestError) in
          try source.inEachBatch { (batch) throws(TestError) in
            try batch.compactMap { (number) throws(TestError) in try isEven(number) ? nil : number }.count()
          }
        }
        expect(false) { () throws(TestError) in
          try source.inEachBatch { (batch) throws(TestError) in
            try batch.filter { $0 % 2 == 1 }.contains { (number) throws(TestError) in
              _ = try isEven(number - 1)
              _ = try isEven(number)
              return false
            }
          }
        }
        expect([0, 1, 2]) { () throws(TestError) in
          try source.inEachBatch { (batch) throws(TestError) in
            try batch.reduce(into: [Int]()) { (numbers, number) throws(TestError) in
              _ = try isEven(number)
              if number < 3 { numbers.append(number) }
            } combine: {
              $0 += $1
            }
          } ?? []
        }
        let visits = Counter()
        expect(true) { () throws(TestError) in
          try source.inEachBatch { (batch) throws(TestError) in
            try batch.forEach { (number) throws(TestError) in
              _ = try isEven(number)
              visits.add()
            }
          }
          return visits.value == 1010
        }
      }
    }

    @Test(arguments: threadCounts)
    func theFirstErrorIsThrown(_ threads: Int) throws {
      let pool = try ThreadPool(threadCount: threads)
      for (count, bad) in [(1, 0), (7, 0), (7, 6), (97, 48), (1009, 1), isSanitized ? (503, 502) : (5003, 5002)] {
        @Sendable func refuse(_ number: Int) throws(TestError) -> Int {
          if number >= bad { throw TestError(number) }
          return number
        }
        let source = (0..<count).parallel(in: pool, maximumBatch: 64)
        #expect(throws: TestError(bad)) {
          _ = try source.inEachBatch { (batch) throws(TestError) in
            try batch.filter { $0 >= 0 }.map { (number) throws(TestError) in try refuse(number) }.map { $0 + 1 }.sum()
          }
        }
        #expect(throws: TestError(bad)) {
          _ = try source.inEachBatch { (batch) throws(TestError) in
            try batch.map { (number) throws(TestError) in Double(try refuse(number)) }.sum()
          }
        }
        // What is found before the error decides.
        if bad > 0 {
          let isFound = try source.inEachBatch { (batch) throws(TestError) in
            try batch.map { (number) throws(TestError) in try refuse(number) }.contains { $0 == bad - 1 }
          }
          #expect(isFound)
        }
      }
    }
  }
}
